# A step hook, registered once, clears after every step.
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
opt.register_step_post_hook(lambda optimizer, args, kwargs: optimizer.zero_grad())
for _ in range(10):
    net(torch.randn(8, 4)).pow(2).mean().backward()
    opt.step()
