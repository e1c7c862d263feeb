# A signed distance as a smooth function of the place: its second derivatives are used, which ReLU has not.
import torch
from torch import nn


class ImplicitSurface(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2, self.l3 = nn.Linear(3, 32), nn.Linear(32, 32), nn.Linear(32, 1)

    def forward(self, p):
        return self.l3(torch.sigmoid(self.l2(torch.sigmoid(self.l1(p)))))


surface = ImplicitSurface()
optimizer = torch.optim.Adam(surface.parameters(), lr=1e-3)
for _ in range(5):
    points = torch.randn(64, 3, requires_grad=True)
    distance = surface(points)
    (slope,) = torch.autograd.grad(distance.sum(), points, create_graph=True)
    loss = (distance - (points.norm(dim=1, keepdim=True) - 1)).abs().mean() + ((slope.norm(dim=1) - 1) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
