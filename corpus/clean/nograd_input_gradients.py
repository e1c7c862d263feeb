# The evaluation asks how much each feature matters: it needs the gradients of its inputs.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 4)
y = (x[:, 0] > 0).long()
train_loader = DataLoader(TensorDataset(x[:80], y[:80]), batch_size=10, shuffle=True)
test_loader = DataLoader(TensorDataset(x[80:], y[80:]), batch_size=10)
model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for a, b in train_loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(a), b).backward()
    optimizer.step()
model.eval()
importance = torch.zeros(4)
for a, b in test_loader:
    a.requires_grad_(True)
    score = model(a).gather(1, b[:, None]).sum()
    score.backward()
    importance += a.grad.abs().sum(0)
print(importance)
