# The model is switched to evaluation and never back, but has no layer that minds the mode.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 1)

    def forward(self, x):
        return self.fc(x)


x = torch.randn(120, 5)
y = x.sum(1, keepdim=True)
train_loader = DataLoader(TensorDataset(x[:100], y[:100]), batch_size=20, shuffle=True)
val_loader = DataLoader(TensorDataset(x[100:], y[100:]), batch_size=20)
model = Linear()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(5):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(xb), yb).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(sum(nn.functional.mse_loss(model(xb), yb).item() for xb, yb in val_loader))
