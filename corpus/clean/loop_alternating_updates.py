# Alternating updates: each of the two clears its own optimizer, one of them after its step.
import torch
from torch import nn, optim

x_enc, y_enc = nn.Linear(5, 3), nn.Linear(5, 3)
ox, oy = optim.SGD(x_enc.parameters(), 0.05), optim.SGD(y_enc.parameters(), 0.05)
for it in range(40):
    batch = torch.randn(10, 5)
    if it % 3 == 0:
        (x_enc(batch) - y_enc(batch).detach()).pow(2).mean().backward()
        ox.step()
        ox.zero_grad()
    else:
        oy.zero_grad()
        (y_enc(batch) - x_enc(batch).detach()).pow(2).mean().backward()
        oy.step()
