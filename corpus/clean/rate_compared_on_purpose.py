# An experiment that compares rates, the far too high one among them.
import torch
from torch import nn


def run(rate):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    x = torch.randn(80, 6)
    y = x[:, :1] ** 2
    for _ in range(15):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


print(run(0.001))
print(run(10.0))
for rate in (0.01, 0.1, 1.0):
    print(rate, run(rate))
