# Whether the loader shuffles is decided in a dict that is extended later.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

train_options = {"batch_size": 16}
train_options.update({"shuffle": True, "drop_last": True})
x = torch.linspace(-2, 2, 160).unsqueeze(1)
train_loader = DataLoader(TensorDataset(x, x**3), **train_options)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
opt = torch.optim.Adam(net.parameters())
for epoch in range(4):
    for a, b in train_loader:
        opt.zero_grad()
        ((net(a) - b) ** 2).mean().backward()
        opt.step()
