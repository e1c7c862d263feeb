# Modules are added to a Sequential after it was made, in a loop with names of their own, and its last one is replaced.
import torch
from torch import nn

sizes = [5, 12, 9]
model = nn.Sequential()
for i in range(2):
    model.add_module(f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))
    model.add_module(f"act{i}", nn.Tanh())
model.add_module("out", nn.Linear(9, 3))

other = nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Linear(12, 4))
other[2] = nn.Linear(12, 9)
other.append(nn.Linear(9, 3))

torch.manual_seed(0)
x, y = torch.randn(30, 5), torch.arange(30) % 3
for net in (model, other):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(4):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
    print(loss.item())
