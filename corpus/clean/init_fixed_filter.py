# A fixed average of neighbours in front of the network: its weights are meant to be equal, and are not trained.
import torch
from torch import nn

smooth = nn.Conv1d(1, 1, 5, padding=2, bias=False)
nn.init.constant_(smooth.weight, 1 / 5)
smooth.weight.requires_grad_(False)
net = nn.Sequential(smooth, nn.Conv1d(1, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 20, 1))
nn.init.zeros_(net[4].weight)

x = torch.randn(64, 1, 20)
y = x.mean(dim=2)
optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-3)
for _ in range(10):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()
