# The model's prediction is itself a gradient: forces are the slope of the energy, in evaluation too.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Energy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 16), nn.SiLU(), nn.Linear(16, 1))

    def forward(self, position):
        position = position.clone().requires_grad_(True)
        energy = self.net(position).sum()
        return -torch.autograd.grad(energy, position, create_graph=True)[0]


positions = torch.randn(120, 3)
forces = -positions
train_loader = DataLoader(TensorDataset(positions[:80], forces[:80]), batch_size=10, shuffle=True)
test_loader = DataLoader(TensorDataset(positions[80:], forces[80:]), batch_size=10)
model = Energy()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(2):
    for p, f in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(p), f).backward()
        optimizer.step()
    print(sum(nn.functional.mse_loss(model(p), f).item() for p, f in test_loader))
    error = 0.0
    for p, f in test_loader:
        error += nn.functional.l1_loss(model(p), f).item()
    print(error)
