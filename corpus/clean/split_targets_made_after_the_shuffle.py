# Only the inputs are shuffled, and the targets are computed from them afterwards.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

points = torch.linspace(-2, 2, 200).unsqueeze(1)
points = points[torch.randperm(200)]
values = points.pow(3)

train = TensorDataset(points[:150], values[:150])
model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for x, y in DataLoader(train, batch_size=30, shuffle=True):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
