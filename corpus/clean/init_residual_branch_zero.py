# The end of every residual branch starts at zero: each block is the identity at first.
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, width), nn.Linear(width, width)
        nn.init.zeros_(self.fc2.weight)
        nn.init.zeros_(self.fc2.bias)

    def forward(self, x):
        return x + self.fc2(torch.relu(self.fc1(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp, self.one, self.two, self.out = nn.Linear(6, 16), Block(16), Block(16), nn.Linear(16, 1)

    def forward(self, x):
        return self.out(self.two(self.one(self.inp(x))))


x = torch.randn(64, 6)
y = x.prod(dim=1, keepdim=True)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for _ in range(10):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()
