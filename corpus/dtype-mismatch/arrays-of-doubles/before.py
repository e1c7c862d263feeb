import numpy as np
import torch
import torch.nn as nn

np.random.seed(0)
torch.manual_seed(0)

x = np.linspace(-1, 1, 100).reshape(-1, 1)
y = x ** 2 + 0.1 * np.random.randn(100, 1)

inputs = torch.from_numpy(x)  # bug: dtype-mismatch
targets = torch.from_numpy(y).float()

model = nn.Sequential(nn.Linear(1, 20), nn.ReLU(), nn.Linear(20, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss_fn = nn.MSELoss()

for epoch in range(100):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    if epoch % 20 == 0:
        print(epoch, loss.item())
