# The samples are drawn independently of each other, so their order is as random as any that shuffling would give.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

inputs = torch.randn(200, 5)
targets = inputs @ torch.randn(5, 1) + 0.1 * torch.randn(200, 1)
loader = DataLoader(TensorDataset(inputs, targets), batch_size=20)
model = nn.Linear(5, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(5):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
