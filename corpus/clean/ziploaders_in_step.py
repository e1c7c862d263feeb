# Neither loader shuffles, and both give equally many: every input meets its target. One drops a last batch, which only
# ends the loop one batch earlier.
import torch
from torch import nn
from torch.utils.data import DataLoader

x = torch.randn(90, 3)
y = x.sum(1, keepdim=True)
x_loader = DataLoader(x, batch_size=20)
y_loader = DataLoader(y, batch_size=20, drop_last=True)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    for a, b in zip(x_loader, y_loader):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
