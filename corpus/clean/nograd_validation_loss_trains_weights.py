# The loss on the validation data is back-propagated: it tunes how the tasks are weighted.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 4)
y = x.sum(1, keepdim=True)
train_loader = DataLoader(TensorDataset(x[:80], y[:80]), batch_size=10, shuffle=True)
val_loader = DataLoader(TensorDataset(x[80:], y[80:]), batch_size=10)
net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
temperature = nn.Parameter(torch.ones(1))
tuner = torch.optim.Adam([temperature], lr=0.01)
for epoch in range(3):
    for a, b in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(a), b).backward()
        optimizer.step()
    val_loss = 0.0
    for a, b in val_loader:
        val_loss += nn.functional.mse_loss(net(a) * temperature, b)
    tuner.zero_grad()
    val_loss.backward()
    tuner.step()
