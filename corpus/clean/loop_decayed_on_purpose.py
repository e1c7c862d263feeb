# Gradients are kept across steps on purpose: they are decayed in place instead of cleared.
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(20):
    net(torch.randn(8, 4)).pow(2).mean().backward()
    opt.step()
    for p in net.parameters():
        p.grad.mul_(0.9)
