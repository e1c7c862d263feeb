# Gradients are switched off by a decorator, by the caller, and by inference mode.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 4)
y = x.sum(1, keepdim=True)
train_loader = DataLoader(TensorDataset(x[:80], y[:80]), batch_size=10, shuffle=True)
test_loader = DataLoader(TensorDataset(x[80:], y[80:]), batch_size=10)
net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)


@torch.no_grad()
def test():
    return sum(nn.functional.mse_loss(net(a), b).item() for a, b in test_loader) / len(test_loader)


@torch.no_grad()
def validate(loader):
    net.eval()
    error = 0.0
    for a, b in loader:
        error += nn.functional.mse_loss(net(a), b).item()
    return error


def measure(loader):
    error = 0.0
    for a, b in loader:
        error += nn.functional.l1_loss(net(a), b).item()
    return error


for epoch in range(2):
    net.train()
    for a, b in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(a), b).backward()
        optimizer.step()
    with torch.inference_mode():
        print(measure(test_loader))
    print(test(), validate(test_loader))
