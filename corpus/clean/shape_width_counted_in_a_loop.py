# The width of the layers is an attribute that doubles in every round of a loop, so that each layer follows the one
# before it, though the attribute starts with another number than the last layer is made for.
import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.width = 4
        self.channels = 1
        layers = []
        for _ in range(depth):
            layers += [self._block(self.channels, self.width), nn.MaxPool2d(2)]
            self.channels = self.width
            self.width *= 2
        self.features = nn.Sequential(*layers)
        self.squeeze = nn.Conv2d(16, 6, 1)
        self.heads = nn.ModuleList()
        for size in (2, 3):
            self.heads.append(nn.Linear(6, size))

    @staticmethod
    def _block(before, behind):
        return nn.Sequential(nn.Conv2d(before, behind, 3, padding=1), nn.BatchNorm2d(behind), nn.ReLU())

    def forward(self, x):
        x = self.squeeze(self.features(x)).mean(dim=(2, 3))
        return [head(x) for head in self.heads]


torch.manual_seed(0)
encoder = Encoder()
optimizer = torch.optim.SGD(encoder.parameters(), lr=0.1)
for step in range(5):
    first, second = encoder(torch.rand(4, 1, 16, 16))
    loss = first.square().mean() + (second - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
