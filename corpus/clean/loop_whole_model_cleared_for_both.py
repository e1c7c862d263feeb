# Two optimizers over parts of one model; clearing the model clears both.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.body(x).relu())


net = Net()
slow = torch.optim.SGD(net.body.parameters(), lr=1e-3)
fast = torch.optim.SGD(net.head.parameters(), lr=1e-1)
for _ in range(15):
    net.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(6, 4)), torch.randint(0, 2, (6,))).backward()
    slow.step()
    fast.step()
