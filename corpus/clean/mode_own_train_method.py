# The model's own train() keeps its batch norm in evaluation mode, whatever is asked for.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class FrozenNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.norm = nn.BatchNorm1d(8)
        self.fc2 = nn.Linear(8, 1)

    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self

    def forward(self, x):
        return self.fc2(torch.relu(self.norm(self.fc1(x))))


x, y = torch.randn(100, 4), torch.randn(100, 1)
train_loader = DataLoader(TensorDataset(x[:80], y[:80]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(x[80:], y[80:]), batch_size=20)
net = FrozenNorm().train()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(3):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(xb), yb).backward()
        optimizer.step()
    with torch.no_grad():
        for xb, yb in test_loader:
            print(epoch, nn.functional.mse_loss(net(xb), yb).item())
