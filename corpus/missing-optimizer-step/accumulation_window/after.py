import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATE = 4

torch.manual_seed(11)
x = torch.rand(512, 1) * 4 - 2
y = x**2
loader = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True)

model = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 1))
optim = torch.optim.Adam(model.parameters(), lr=2e-2)

optim.zero_grad()
for epoch in range(4):
    for i, (xb, yb) in enumerate(loader):
        loss = nn.functional.mse_loss(model(xb), yb) / ACCUMULATE
        loss.backward()
        if (i + 1) % ACCUMULATE == 0:
            optim.step()
            optim.zero_grad()
    print(epoch, loss.item() * ACCUMULATE)
