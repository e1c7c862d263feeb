# Accumulation with the clear at the top of the body under its own condition, the step at the bottom under another.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EVERY = 2
loader = DataLoader(TensorDataset(torch.randn(96, 5), torch.randn(96, 1)), batch_size=8, shuffle=True)
model = nn.Linear(5, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    for n, (x, y) in enumerate(loader):
        if n % EVERY == 0:
            opt.zero_grad()
        (nn.functional.l1_loss(model(x), y) / EVERY).backward()
        if n % EVERY == EVERY - 1:
            opt.step()
