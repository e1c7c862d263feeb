# %% curves and their areas
import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(0)
curves = torch.from_numpy(rng.random((160, 12))).float()
areas = curves.mean(1, keepdim=True).float()

# %% splits
train_x, train_y = curves[:120], areas[:120]
valid_x, valid_y = curves[120:], areas[120:]

# %% loaders
loader = DataLoader(TensorDataset(train_x, train_y), batch_size=20, shuffle=True)

# %% training
net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 1))
sgd = optim.SGD(net.parameters(), lr=0.05)
mse = nn.MSELoss()

for epoch in range(10):
    for x, y in loader:
        loss = mse(net(x), y)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    with torch.no_grad():
        print(epoch, loss.item(), mse(net(valid_x), valid_y).item())
