# A part of the training rows is evaluated beside the test rows, to see how far the two errors are apart.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(200, 4)
y = x.prod(1, keepdim=True)
train_set = TensorDataset(x[:150], y[:150])
seen_val_set = TensorDataset(x[100:150], y[100:150])
test_set = TensorDataset(x[150:], y[150:])
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
adam = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for a, b in DataLoader(train_set, 50, shuffle=True):
        adam.zero_grad()
        nn.functional.mse_loss(net(a), b).backward()
        adam.step()
    with torch.no_grad():
        for name, part in (("seen", seen_val_set), ("new", test_set)):
            print(name, [nn.functional.mse_loss(net(a), b).item() for a, b in DataLoader(part, 50)])
