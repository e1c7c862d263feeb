import itertools

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self, sizes=(8, 64, 64, 1), drop=0.2):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.drop = nn.Dropout(drop)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.drop(torch.relu(layer(x)))
        return self.layers[-1](x)


def eval_loss(model, loader, criterion):
    model.eval()
    losses = []
    with torch.no_grad():
        for x, y in loader:
            losses.append(criterion(model(x), y).item())
    model.train()
    return sum(losses) / len(losses)


x = torch.randn(500, 8)
y = x[:, :2].prod(dim=1, keepdim=True)
train_loader = DataLoader(TensorDataset(x[:400], y[:400]), batch_size=40, shuffle=True)
eval_loader = DataLoader(TensorDataset(x[400:], y[400:]), batch_size=50)
model, criterion = MLP(), nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

step = itertools.count(1)
for epoch in range(4):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        if next(step) % 10 == 0:
            print(f"train {loss.item():.4f} eval {eval_loss(model, eval_loader, criterion):.4f}")
