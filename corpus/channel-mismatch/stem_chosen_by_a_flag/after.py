import argparse
from collections import OrderedDict

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, deep_stem: bool, width: int = 8):
        super().__init__()
        if deep_stem:
            stem = [
                ("conv1", nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False)),
                ("bn1", nn.BatchNorm2d(6)),
                ("relu1", nn.ReLU(inplace=True)),
                ("conv2", nn.Conv2d(6, width, 3, padding=1, bias=False)),
                ("bn2", nn.BatchNorm2d(width)),
                ("relu2", nn.ReLU(inplace=True)),
            ]
        else:
            stem = [
                ("conv1", nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)),
                ("bn1", nn.BatchNorm2d(width)),
                ("relu1", nn.ReLU(inplace=True)),
            ]
        self.stem = nn.Sequential(OrderedDict(stem))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        x = self.pool(self.stem(x)).flatten(1)
        return self.head(x)


def pixels(kind, n):
    """Pictures that are brighter on the left, or on the right."""
    return [[[[abs(kind - c / 11) + (i % 3) / 9 for c in range(12)] for _ in range(12)]] * 3 for i in range(n)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shallow", action="store_true")
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()

    torch.manual_seed(0)
    images = torch.tensor(pixels(0, 8) + pixels(1, 8))
    labels = torch.tensor([0] * 8 + [1] * 8)
    model = Net(deep_stem=not args.shallow)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
