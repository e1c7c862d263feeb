# Recurrent layers take time first: 12 steps of 30 sequences, and one target for each sequence.
import torch
from torch import nn

x = torch.randn(12, 30, 4)
y = torch.randn(30, 1)


class Last(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(4, 8)
        self.fc = nn.Linear(8, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[-1])


model, criterion = Last(), nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
