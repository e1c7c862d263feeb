import os
import tempfile

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Tagger(nn.Module):
    def __init__(self, features=9, hidden=40, tags=4):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, hidden), nn.Tanh(), nn.Linear(hidden, tags))

    def forward(self, x):
        return self.layers(x)


torch.manual_seed(7)
data = torch.randn(700, 9)
tags = data[:, :4].argmax(1)
criterion = nn.CrossEntropyLoss()
model = Tagger()
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
train_loader = DataLoader(TensorDataset(data[:500], tags[:500]), batch_size=25, shuffle=True)
val_loader = DataLoader(TensorDataset(data[500:600], tags[500:600]), batch_size=25)
test_loader = DataLoader(TensorDataset(data[600:], tags[600:]), batch_size=25)
path = os.path.join(tempfile.mkdtemp(), "best.pt")


def evaluate(loader):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for inputs, targets in loader:
            total += criterion(model(inputs), targets).item()
    return total / len(loader)


best = None
for epoch in range(5):
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        criterion(model(inputs), targets).backward()
        optimizer.step()
    val_loss = evaluate(val_loader)
    print(epoch, val_loss)
    if best is None or val_loss < best:
        best = val_loss
        torch.save(model, path)

model = torch.load(path, weights_only=False)
print("test", evaluate(test_loader))
