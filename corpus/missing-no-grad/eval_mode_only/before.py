import torch as th
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

th.manual_seed(8)
data = TensorDataset(th.randn(200, 6), th.randn(200, 1))
first, second = random_split(data, [160, 40])
net = nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 1))
opt = th.optim.SGD(net.parameters(), lr=0.02)

for epoch in range(3):
    net.train()
    for a, b in DataLoader(first, batch_size=20, shuffle=True):
        opt.zero_grad()
        ((net(a) - b) ** 2).mean().backward()
        opt.step()

    net.eval()
    error = 0.0
    for a, b in DataLoader(second, batch_size=20):  # bug: missing-no-grad
        error += ((net(a) - b) ** 2).sum().item()
    print("epoch", epoch, "error", error / len(second))
