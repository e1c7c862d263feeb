# A helper of the file clears; its name does not say so.
import torch
from torch import nn


def prepare(net, opt):
    net.train()
    opt.zero_grad()


net = nn.Linear(2, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for x in torch.randn(30, 4, 2):
    prepare(net, opt)
    (net(x) - x).pow(2).mean().backward()
    opt.step()
