# MSELoss promotes: float64 and integer targets train a float32 model.
import numpy as np
import torch
from torch import nn

x = torch.randn(40, 3)
y = torch.from_numpy(np.random.randn(40, 1))
counts = torch.randint(0, 5, (40, 1))
model = nn.Linear(3, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), counts)
    loss.backward()
    optimizer.step()
