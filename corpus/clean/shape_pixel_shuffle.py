# PixelShuffle makes pixels of channels: a quarter of them is left.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Upscale(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.PixelShuffle(2), nn.Conv2d(4, 1, 3, padding=1))

    def forward(self, x):
        return self.body(x)


torch.manual_seed(0)
y = torch.rand(8, 1, 12, 12)
x = F.avg_pool2d(y, 2)
model = Upscale()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.l1_loss(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
