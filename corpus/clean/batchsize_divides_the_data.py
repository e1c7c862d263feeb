# 96 samples in batches of 16: every batch is full, so the fixed hidden state always fits.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 8, batch_first=True)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        h0 = torch.zeros(1, 16, 8)
        out, _ = self.rnn(x, h0)
        return self.fc(out[:, -1])


data = TensorDataset(torch.randn(96, 5, 4), torch.randint(0, 2, (96,)))
loader = DataLoader(data, batch_size=16, shuffle=True)
model, criterion = Reader(), nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
