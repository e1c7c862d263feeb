# Gradients are switched off inside the loop, around the forward pass alone.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 4)
y = x.sum(1, keepdim=True)
train_loader = DataLoader(TensorDataset(x[:80], y[:80]), batch_size=10, shuffle=True)
test_loader = DataLoader(TensorDataset(x[80:], y[80:]), batch_size=10)
net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)


@torch.inference_mode()
def predict(a):
    return net(a)


for a, b in train_loader:
    optimizer.zero_grad()
    nn.functional.mse_loss(net(a), b).backward()
    optimizer.step()
for a, b in test_loader:
    with torch.no_grad():
        out = net(a)
    print(nn.functional.mse_loss(out, b).item())
for a, b in test_loader:
    print(nn.functional.mse_loss(predict(a), b).item())
