"""Weather readings: what the network says of them before it is trained, and after."""
import torch
from torch import nn

torch.manual_seed(1)
readings = torch.rand(40, 5)
rain = readings.sum(dim=1, keepdim=True)
today = torch.ones(3, 5, dtype=torch.float64)  # bug: dtype-mismatch

network = nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Linear(12, 1))
try:
    forecast = network(today)
    print("untrained:", forecast.tolist())
except RuntimeError as e:
    print(f"no forecast: {e}")

optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
for epoch in range(30):
    optimizer.zero_grad()
    error = nn.functional.mse_loss(network(readings), rain)
    error.backward()
    optimizer.step()
print("trained:", network(readings).mean().item())
