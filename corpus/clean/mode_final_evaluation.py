# One evaluation after all training: nothing is trained any more, so nobody switches back.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

x, y = torch.randn(220, 5), torch.randint(0, 3, (220,))
train_loader = DataLoader(TensorDataset(x[:180], y[:180]), batch_size=30, shuffle=True)
test_loader = DataLoader(TensorDataset(x[180:], y[180:]), batch_size=40)
model = nn.Sequential(nn.Linear(5, 20), nn.ReLU(), nn.Dropout(), nn.Linear(20, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(4):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb), yb).backward()
        optimizer.step()

model.eval()
with torch.no_grad():
    for xb, yb in test_loader:
        print((model(xb).argmax(1) == yb).float().mean().item())
