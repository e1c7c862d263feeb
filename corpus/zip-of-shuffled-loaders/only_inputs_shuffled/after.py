import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils import data

rng = np.random.default_rng(5)
temperatures = rng.normal(size=(180, 3)).astype(np.float32)
demand = (temperatures ** 2).sum(axis=1, keepdims=True)


hot_days = data.DataLoader(data.StackDataset(temperatures, demand), 20, shuffle=True)


def train_epoch(net, opt, loss_fn):
    net.train()
    total = 0
    for t, d in hot_days:
        opt.zero_grad()
        loss = loss_fn(net(t), d)
        loss.backward()
        opt.step()
        total += loss.item()
    return total


net = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 1))
opt = optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(5):
    print(train_epoch(net, opt, nn.SmoothL1Loss()))
