# One batch holds the whole dataset, so there is no order of batches.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

grid = torch.linspace(0, 1, 50).unsqueeze(1)
data = TensorDataset(grid, grid.sqrt())
loader = DataLoader(data, batch_size=len(data))
model = nn.Sequential(nn.Linear(1, 10), nn.Sigmoid(), nn.Linear(10, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for step in range(30):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
