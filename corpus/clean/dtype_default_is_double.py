# The default dtype is float64, so the layers are made in it.
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
x = torch.from_numpy(np.random.randn(40, 3))
y = torch.from_numpy(np.random.rand(40, 1))
model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Sigmoid())
criterion = torch.nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
