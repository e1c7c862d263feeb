# The parts meet at one bound, written in two ways that come to the same number.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 3)
y = x.abs().sum(1, keepdim=True)
n = len(x)
train_set = TensorDataset(x[: int(0.75 * n)], y[: int(0.75 * n)])
test_set = TensorDataset(x[90:], y[90:])
model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for a, b in DataLoader(train_set, batch_size=30, shuffle=True):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
with torch.no_grad():
    for a, b in DataLoader(test_set, batch_size=30):
        print(nn.functional.mse_loss(model(a), b).item())
