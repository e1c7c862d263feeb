# torch._foreach_zero_ over a stored list of gradients, then backward.
import torch
from torch import nn

net = nn.Linear(4, 1)
parameters = list(net.parameters())
opt = torch.optim.SGD(parameters, lr=0.01)
for _ in range(10):
    if parameters[0].grad is not None:
        torch._foreach_zero_([p.grad for p in parameters])
    net(torch.randn(8, 4)).pow(2).mean().backward()
    opt.step()
