# A loader whose options come out of a dict that gets shuffle later: right, as the order is drawn anew each epoch.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.linspace(-1, 1, 200).unsqueeze(1)
y = x.pow(2)

train_kwargs = {"batch_size": 25}
common = {"num_workers": 0, "shuffle": True}
train_kwargs.update(common)
loader = DataLoader(TensorDataset(x, y), **train_kwargs)

net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(20):
    for a, b in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(a), b)
        loss.backward()
        optimizer.step()
print(f"{loss.item():.4f}")
