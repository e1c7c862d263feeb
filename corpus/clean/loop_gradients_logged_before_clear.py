# Cleared after the step, with gradient logging and a checkpoint in between.
import io

import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
history = []
for step in range(25):
    loss = net(torch.randn(10, 3)).square().mean()
    loss.backward()
    opt.step()
    history.append({name: p.grad.norm().item() for name, p in net.named_parameters()})
    if step % 10 == 0:
        torch.save(net.state_dict(), io.BytesIO())
    opt.zero_grad()
