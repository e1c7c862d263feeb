# One target for all rows: MSELoss broadcasts it, and its author wants that.
import torch
from torch import nn

x = torch.randn(64, 5)
goal = torch.full((1, 1), 0.7)
model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), goal).backward()
    optimizer.step()
