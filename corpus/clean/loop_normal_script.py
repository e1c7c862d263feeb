# The usual order, clear, backward, step, in a flat script: nothing to report.
import torch
import torch.nn as nn
import torch.optim as optim

x, y = torch.randn(100, 3), torch.randn(100, 1)
model = nn.Linear(3, 1)
optimizer = optim.SGD(model.parameters(), lr=0.01)
for epoch in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
