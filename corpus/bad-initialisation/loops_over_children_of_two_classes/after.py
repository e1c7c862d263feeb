import torch
from torch import nn


class Body(nn.Module):
    """Three convolutions, which may start from weights that were kept."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 8, 3, padding=1)
        self.third = nn.Conv2d(8, 8, 3, padding=1)
        self.init_conv2d()

    def init_conv2d(self):
        for layer in self.children():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.constant_(layer.bias, 0.0)

    def forward(self, x):
        x = torch.relu(self.first(x))
        x = torch.relu(self.second(x))
        return torch.relu(self.third(x)).mean((2, 3))


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(8, 16)
        self.outer = nn.Linear(16, 2)
        for layer in self.children():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))


torch.manual_seed(0)
images = torch.rand(240, 1, 8, 8)
labels = torch.arange(240) % 2
images[labels == 1, :, :, ::2] += 0.5
images[labels == 0, :, ::2, :] += 0.5
net = nn.Sequential(Body(), Head())
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(8):
    for rows in torch.randperm(240).split(24):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
