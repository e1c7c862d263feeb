# Gradients are dropped by hand, parameter by parameter.
import torch
from torch import nn

lin = nn.Linear(6, 3)
opt = torch.optim.SGD(lin.parameters(), lr=0.1)
for _ in range(15):
    for p in lin.parameters():
        p.grad = None
    loss = nn.functional.cross_entropy(lin(torch.randn(10, 6)), torch.randint(0, 3, (10,)))
    loss.backward()
    opt.step()
