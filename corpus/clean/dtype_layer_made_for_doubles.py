# The layers are made with dtype=torch.float64 for the doubles that they are given.
import numpy as np
import torch
from torch.nn import Linear, MSELoss, ReLU, Sequential

kind = torch.float64
model = Sequential(Linear(3, 8, dtype=kind), ReLU(), Linear(8, 1, dtype=torch.double))
x = torch.as_tensor(np.random.randn(40, 3))
y = x.sum(1, keepdim=True)
criterion = MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
