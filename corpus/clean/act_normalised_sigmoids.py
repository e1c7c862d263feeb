# Batch normalisation in front of every sigmoid keeps it away from its flat ends.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.ModuleList([nn.Linear(10, 32), nn.Linear(32, 32), nn.Linear(32, 32)])
        self.norm = nn.ModuleList([nn.BatchNorm1d(32) for _ in range(3)])
        self.out = nn.Linear(32, 2)

    def forward(self, x):
        x = torch.sigmoid(self.norm[0](self.fc[0](x)))
        x = torch.sigmoid(self.norm[1](self.fc[1](x)))
        x = torch.sigmoid(self.norm[2](self.fc[2](x)))
        return self.out(x)


net = Net()
x, y = torch.randn(64, 10), torch.randint(0, 2, (64,))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for _ in range(5):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
