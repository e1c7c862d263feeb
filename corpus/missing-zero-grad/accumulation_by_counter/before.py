import torch
import torch.nn as nn

model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
direction = torch.randn(6, 1)

pending = 0
for i in range(400):
    x = torch.randn(4, 6)
    loss = (model(x) - x @ direction).pow(2).mean()
    loss.backward()
    pending += 1
    if pending == 4:
        optimizer.step()  # bug: missing-zero-grad
        pending = 0
    if i % 100 == 0:
        print(i, loss.item())
