# A batch that is skipped leaves the loop body early; the clear at the top makes up for it.
import torch
from torch import nn

net = nn.Linear(3, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(30):
    opt.zero_grad()
    x = torch.randn(4, 3)
    loss = net(x).pow(2).mean()
    if loss.item() > 100:
        continue
    loss.backward()
    opt.step()
