# The rate given to the optimizer is never used: the loop sets it before every epoch.
import math

import torch
import torch.nn as nn


def adjust_learning_rate(optimizer, epoch):
    for group in optimizer.param_groups:
        group["lr"] = 0.01 * (1 + math.cos(math.pi * epoch / 10)) / 2


model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=30.0)
x, y = torch.randn(64, 4), torch.randint(0, 2, (64,))
for epoch in range(10):
    adjust_learning_rate(optimizer, epoch)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
