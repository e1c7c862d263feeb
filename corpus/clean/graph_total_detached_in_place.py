# The total is cut off from the graph in every round, right after the addition.
import torch
from torch import nn

net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
total = torch.zeros(())
other = torch.zeros(())
for step in range(80):
    x = torch.randn(8, 3)
    loss = nn.functional.l1_loss(net(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total = (total + loss).detach()
    other += loss
    other.detach_()
print(total, other)
