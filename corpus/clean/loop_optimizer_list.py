# Every optimizer of the list is cleared before the backward that feeds them all.
import torch
from torch import nn

parts = [nn.Linear(4, 8), nn.Linear(8, 1)]
optimizers = [torch.optim.SGD(part.parameters(), lr=0.01) for part in parts]
for step in range(20):
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss = parts[1](torch.relu(parts[0](torch.randn(12, 4)))).pow(2).mean()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
