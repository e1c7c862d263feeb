"""Logistic regression by hand."""
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(6)
points = torch.randn(128, 2)
above = (points[:, 1:] > points[:, :1]).float()

w = torch.zeros(2, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.5)


def logistic_regression(x):
    return torch.sigmoid(torch.mm(x, w) + b)


def binary_loss(p, y):
    return -(y * p.clamp(1e-6).log() + (1 - y) * (1 - p).clamp(1e-6).log()).mean()


loader = DataLoader(TensorDataset(points, above), batch_size=16, shuffle=True)
for epoch in range(5):
    for x, y in loader:
        loss = binary_loss(logistic_regression(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
