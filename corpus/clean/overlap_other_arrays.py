# Both parts are cut by overlapping bounds, but from different data: the test rows come from a set of their own.
import torch
from torch import nn

source, shifted = torch.randn(100, 2), torch.randn(100, 2) + 0.5
x_train = source[:80]
x_test = shifted[60:]
encoder = nn.Sequential(nn.Linear(2, 1), nn.Linear(1, 2))
optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
for step in range(25):
    optimizer.zero_grad()
    nn.functional.mse_loss(encoder(x_train), x_train).backward()
    optimizer.step()
with torch.no_grad():
    print(nn.functional.mse_loss(encoder(x_test), x_test).item())
