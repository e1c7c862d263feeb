import torch
import torch.nn as nn
from torch.optim import SGD, Adam

left, right = nn.Linear(4, 8), nn.Linear(8, 1)
optimizers = [SGD(left.parameters(), lr=0.05), Adam(right.parameters(), lr=0.01)]

for it in range(120):
    x = torch.randn(20, 4)
    loss = (right(torch.relu(left(x))) - x.sum(1, keepdim=True)).abs().mean()
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    if it % 30 == 0:
        print(it, loss.item())
