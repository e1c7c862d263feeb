# Lazy layers find out by themselves what they are given.
import torch
import torch.nn as nn
import torch.nn.functional as F


def make_net():
    return nn.Sequential(nn.LazyConv2d(8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(16), nn.ReLU(), nn.Linear(16, 4))


torch.manual_seed(0)
x, y = torch.rand(16, 2, 12, 12), torch.randint(0, 4, (16,))
probe = make_net()
probe(x)
model = probe
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
