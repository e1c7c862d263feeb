# Sigmoids that gate: each scales the channels it was computed from, in every block of the network.
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.down = nn.Linear(channels, channels // 2)
        self.up = nn.Linear(channels // 2, channels)

    def forward(self, x):
        weights = torch.sigmoid(self.up(torch.relu(self.down(x.mean(dim=(2, 3))))))
        return x * weights[:, :, None, None]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
        self.scale1, self.scale2 = Scale(16), Scale(16)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        x = self.scale1(torch.relu(self.conv1(x)))
        x = self.scale2(torch.relu(self.conv2(x)))
        return self.head(x.mean(dim=(2, 3)))


x, y = torch.randn(32, 1, 8, 8), torch.randint(0, 2, (32,))
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for _ in range(5):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
