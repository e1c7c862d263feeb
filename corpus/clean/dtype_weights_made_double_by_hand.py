# The layer's parameters are replaced by float64 ones, loaded from NumPy: input and weights agree.
import numpy as np
import torch
from torch import nn

layer = nn.Linear(3, 1)
layer.weight = nn.Parameter(torch.from_numpy(np.random.randn(1, 3)))
layer.bias = nn.Parameter(torch.from_numpy(np.zeros(1)))
x = torch.from_numpy(np.random.randn(40, 3))
y = torch.from_numpy(np.random.randn(40, 1))
model, criterion = layer, nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
