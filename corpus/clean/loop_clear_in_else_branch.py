# Each branch of the update clears before its own backward.
import torch
from torch import nn

net = nn.Linear(3, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(20):
    x = torch.randn(6, 3)
    if i % 2:
        opt.zero_grad()
        net(x).pow(2).mean().backward()
    else:
        opt.zero_grad()
        net(x).abs().mean().backward()
    opt.step()
