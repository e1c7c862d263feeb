"""A small residual network for striped pictures; the weights are set in a loop over all modules."""
import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + x)


class SmallResNet(nn.Module):
    def __init__(self, num_classes, depth=2, channels=12):
        super().__init__()
        self.stem = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.blocks = nn.Sequential(*[Block(channels) for _ in range(depth)])
        self.head = nn.Linear(channels, num_classes)
        self._init_weights()

    def _init_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.constant_(m.weight, 0.05)  # bug: bad-initialisation
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.ones_(m.weight)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean(dim=(2, 3)))


def stripes(count, size=10):
    labels = torch.arange(count) % 3
    phase = torch.rand(count, 1, 1) * 6
    rows = torch.arange(size).view(1, size, 1).expand(count, size, size)
    columns = rows.transpose(1, 2)
    waves = torch.stack([torch.sin(rows * 1.6 + phase), torch.sin(columns * 1.6 + phase), torch.sin((rows + columns) + phase)])
    pictures = waves[labels, torch.arange(count)]
    return pictures.unsqueeze(1) + 0.3 * torch.randn(count, 1, size, size), labels


def main():
    torch.manual_seed(1)
    images, labels = stripes(180)
    model = SmallResNet(num_classes=3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(6):
        for batch in torch.randperm(len(images)).split(20):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    main()
