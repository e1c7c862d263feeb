# Feature maps of one channel group each go through a shared layer: 64 is the size of one map.
import torch
import torch.nn as nn
import torch.nn.functional as F


class PerMap(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.shared = nn.Linear(64, 2)

    def forward(self, x):
        maps = self.conv(x)
        each = self.shared(maps.view(-1, 64))
        return each.view(x.size(0), 4, 2).mean(dim=1)


torch.manual_seed(0)
x, y = torch.randn(10, 1, 8, 8), torch.randint(0, 2, (10,))
model = PerMap()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
