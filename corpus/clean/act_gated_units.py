# Gated linear units: the sigmoid's result is multiplied by another layer's, which keeps the gradient's way open.
import torch
import torch.nn as nn


class GatedBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.value, self.open = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x):
        return self.value(x) * torch.sigmoid(self.open(x))


model = nn.Sequential(nn.Linear(4, 16), GatedBlock(16), GatedBlock(16), GatedBlock(16), nn.Linear(16, 1))
x = torch.randn(64, 4)
y = x.prod(dim=1, keepdim=True)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(10):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
