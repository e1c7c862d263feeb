# Two tasks share a body; each loader brings inputs and targets of its own, with batches of different sizes.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

first = TensorDataset(torch.randn(60, 4), torch.randn(60, 1))
second = TensorDataset(torch.randn(120, 4), torch.randint(0, 3, (120,)))
body, line, classes = nn.Linear(4, 8), nn.Linear(8, 1), nn.Linear(8, 3)
optimizer = torch.optim.Adam([*body.parameters(), *line.parameters(), *classes.parameters()])
loader_a = DataLoader(first, batch_size=10, shuffle=True)
loader_b = DataLoader(second, batch_size=20, shuffle=True)
for epoch in range(3):
    for (xa, ya), (xb, yb) in zip(loader_a, loader_b):
        loss = nn.functional.mse_loss(line(body(xa)), ya)
        loss = loss + nn.functional.cross_entropy(classes(body(xb)), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
