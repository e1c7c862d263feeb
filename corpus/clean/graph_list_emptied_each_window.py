# The list holds the losses of a few steps only, for a line of output, and is emptied then.
import torch
from torch import nn

net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
recent = []
for step in range(200):
    x = torch.randn(8, 3)
    loss = nn.functional.mse_loss(net(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    recent.append(loss)
    if len(recent) == 5:
        print(torch.stack(recent).mean().item())
        recent.clear()
