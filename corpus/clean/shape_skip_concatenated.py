# A decoder takes what was concatenated: twice the channels of the layer before it.
import torch
import torch.nn as nn
import torch.nn.functional as F


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 8, 3, padding=1)
        self.bottom = nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.merge = nn.Conv2d(16, 8, 3, padding=1)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        fine = F.relu(self.down(x))
        coarse = F.relu(self.bottom(F.max_pool2d(fine, 2)))
        x = torch.cat([self.up(coarse), fine], dim=1)
        return self.out(F.relu(self.merge(x)))


torch.manual_seed(0)
x = torch.rand(6, 1, 16, 16)
y = (x > 0.5).float()
model = UNet()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
