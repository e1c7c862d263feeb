# The losses of several tasks are added up to be back-propagated once: the graph is what the sum is for.
import torch
from torch import nn

net = nn.Linear(5, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(20):
    total = 0.0
    for task in range(12):
        x = torch.randn(8, 5)
        loss = nn.functional.cross_entropy(net(x), torch.randint(0, 3, (8,)))
        total += loss
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
