# The meter takes the number out of what it is given.
import torch
from torch import nn


class Average:
    def __init__(self):
        self.total = 0.0
        self.count = 0

    def update(self, value, n=1):
        self.total += value.detach().item() * n
        self.count += n

    @property
    def mean(self):
        return self.total / max(self.count, 1)


net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
meter = Average()
for step in range(80):
    x = torch.randn(8, 3)
    loss = nn.functional.l1_loss(net(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    meter.update(loss, len(x))
print(meter.mean)
