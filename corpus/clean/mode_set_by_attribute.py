# The mode is written into the attribute, which is the same for a model without children.
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Softmax(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(5, 3))

    def forward(self, x):
        return F.dropout(x, 0.2, training=self.training) @ self.weight


x, y = torch.randn(90, 5), torch.randint(0, 3, (90,))
train_loader = DataLoader(TensorDataset(x[:60], y[:60]), batch_size=15, shuffle=True)
test_loader = DataLoader(TensorDataset(x[60:], y[60:]), batch_size=30)
model = Softmax()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(4):
    model.training = True
    for xb, yb in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(model(xb), yb).backward()
        optimizer.step()
    model.training = False
    with torch.no_grad():
        for xb, yb in test_loader:
            print(epoch, F.cross_entropy(model(xb), yb).item())
