# A context manager switches to evaluation and gives the model its old mode back.
import contextlib

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


@contextlib.contextmanager
def evaluating(net):
    was_training = net.training
    net.eval()
    try:
        yield net
    finally:
        if was_training:
            net.train()


x, y = torch.randn(160, 5), torch.randn(160, 1)
train_loader = DataLoader(TensorDataset(x[:120], y[:120]), batch_size=30, shuffle=True)
valid_loader = DataLoader(TensorDataset(x[120:], y[120:]), batch_size=40)
model = nn.Sequential(nn.Linear(5, 16), nn.Dropout(0.2), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(3):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(xb), yb).backward()
        optimizer.step()
    with evaluating(model), torch.no_grad():
        for xb, yb in valid_loader:
            print(epoch, nn.functional.mse_loss(model(xb), yb).item())
