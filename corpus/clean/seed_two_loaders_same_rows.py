# drop_last on one of two zipped loaders, neither shuffled: zip stops with the shorter one, and every pair fits.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

features = torch.randn(50, 4)
targets = features.sum(1, keepdim=True)
first = DataLoader(TensorDataset(features), batch_size=16, shuffle=False, drop_last=True)
second = DataLoader(TensorDataset(targets), batch_size=16, shuffle=False)

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    for (x,), (y,) in zip(first, second):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
