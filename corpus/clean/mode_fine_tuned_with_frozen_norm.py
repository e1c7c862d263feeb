# Small batches: the whole model is trained in evaluation mode from the first step on, and never leaves it.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 2))
# ... weights of a checkpoint would be loaded here
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
x, y = torch.randn(40, 6), torch.randint(0, 2, (40,))
train_loader = DataLoader(TensorDataset(x[:32], y[:32]), batch_size=2, shuffle=True)
val_loader = DataLoader(TensorDataset(x[32:], y[32:]), batch_size=2)

model.eval()  # batch norm keeps the averages that it came with
for epoch in range(2):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb), yb).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(epoch, sum((model(xb).argmax(1) == yb).sum().item() for xb, yb in val_loader))
