import numpy as np
import torch
from torch import nn


class Tower(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList()
        for _ in range(depth):
            self.blocks.append(nn.Linear(width, width))
        self.head = nn.Linear(width, 1)

    def forward(self, x):
        outputs = [x]
        for block in self.blocks:
            outputs.append(torch.tanh(block(outputs[-1])) + outputs[-1])
        return self.head(outputs[-1])


class Recorder:
    """Hands out rows as a meter would."""

    def __init__(self, rows):
        self.rows = rows

    def read(self, start, count):
        return self.rows[start:start + count]


torch.manual_seed(1)
readings = Recorder(np.random.RandomState(1).normal(size=(128, 5)))
tower = Tower(5, depth=3)
optimizer = torch.optim.SGD(tower.parameters(), lr=0.05)

for epoch in range(5):
    for start in range(0, 128, 32):
        x = torch.from_numpy(readings.read(start, 32)).double()  # bug: dtype-mismatch
        y = x.sum(dim=1, keepdim=True).float()
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(tower(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
