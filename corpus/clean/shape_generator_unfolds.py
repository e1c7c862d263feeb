# A generator: the Linear's output is viewed as feature maps before the transposed convolutions.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 16 * 4 * 4)
        self.up = nn.Sequential(
            nn.BatchNorm2d(16),
            nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),
        )

    def forward(self, z):
        return self.up(self.fc(z).view(-1, 16, 4, 4))


torch.manual_seed(0)
x = torch.randn(12, 10)
y = torch.rand(12, 1, 16, 16)
model = Generator()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
