# The activation that is handed in takes the larger of every two channels: half of them are left.
import torch
from torch import nn


class Maxout(nn.Module):
    def forward(self, x):
        return torch.maximum(*x.chunk(2, dim=1))


class Block(nn.Module):
    def __init__(self, act_layer, block):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.act = act_layer()
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.rest = block(16)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        x = self.conv2(self.act(self.conv1(x)))
        return self.out(self.rest(x).mean(dim=(2, 3)))


def reduced(width):
    return nn.Sequential(nn.Conv2d(width, width // 4, 1), nn.ReLU())


torch.manual_seed(0)
net = Block(Maxout, reduced)
x, y = torch.randn(64, 1, 8, 8), torch.randint(2, (64,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for rows in torch.arange(64).split(16):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x[rows]), y[rows]).backward()
    optimizer.step()
