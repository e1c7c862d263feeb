# The data are float64, and so is the model: it was made so by double().
import numpy as np
import torch
from torch import nn

x = torch.from_numpy(np.random.randn(40, 3))
y = torch.from_numpy(np.random.randn(40, 1))
model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)).double()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
