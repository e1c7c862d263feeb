# A sentence is turned so that the embedding is the channels of the Conv1d.
import torch
import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 12)
        self.conv = nn.Conv1d(12, 9, kernel_size=3)
        self.fc = nn.Linear(9, 2)

    def forward(self, tokens):
        x = self.embed(tokens).transpose(1, 2)
        x = F.relu(self.conv(x)).max(dim=2).values
        return self.fc(x)


torch.manual_seed(0)
x, y = torch.randint(0, 50, (16, 20)), torch.randint(0, 2, (16,))
model = TextCNN()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
