# An optimizer subclass clears the gradients itself at the end of step().
import torch
from torch import nn


class ForgetfulSGD(torch.optim.SGD):
    def step(self, closure=None):
        result = super().step(closure)
        self.zero_grad()
        return result


net = nn.Linear(5, 5)
opt = ForgetfulSGD(net.parameters(), lr=0.02)
for _ in range(10):
    net(torch.randn(3, 5)).pow(2).mean().backward()
    opt.step()
