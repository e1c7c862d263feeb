# Rows come as doubles or as floats; whoever gets doubles casts them, before the layers or inside the model.
import numpy as np
import torch
from torch import nn


class Blocks(nn.Module):
    """Takes what there is, and computes with floats."""

    def __init__(self, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList()
        for _ in range(depth):
            self.blocks.append(nn.Linear(width, width))

    def prepare(self, x):
        return x.float()

    def forward(self, x):
        x = self.prepare(x)
        for block in self.blocks:
            x = torch.tanh(block(x))
        return x


def rows(source, count, exact):
    if exact:
        x = torch.from_numpy(source.normal(size=(count, 4)))
    else:
        x = torch.randn(count, 4)
    if x.dtype != torch.float32:
        x = x.float()
    return x


torch.manual_seed(2)
source = np.random.RandomState(2)
plain, deep = nn.Linear(4, 4), Blocks(4, 2)
optimizer = torch.optim.SGD([*plain.parameters(), *deep.parameters()], lr=0.05)
for epoch in range(4):
    for exact in (True, False):
        x = rows(source, 32, exact)
        loss = nn.functional.mse_loss(plain(x), x) + nn.functional.mse_loss(deep(x.double()), x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
