import argparse

import numpy as np
import torch
import torch.utils.data
from torch import nn, optim


class Tiles(torch.utils.data.Dataset):
    """Grey and coloured tiles as bytes, as a camera library gives them."""

    def __init__(self, count, rng):
        self.kinds = rng.integers(0, 2, count)
        self.tiles = rng.integers(0, 256, (count, 20, 20, 3), dtype=np.uint8)

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, n):
        tile = self.tiles[n].astype(np.float32) / 255
        return tile, self.kinds[n]  # bug: channels-last-sample


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, channels, 5), nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d(4))
        self.head = nn.Linear(channels * 16, 2)

    def forward(self, tile):
        return self.head(torch.flatten(self.body(tile), 1))


def train(args):
    rng = np.random.default_rng(args.seed)
    torch.manual_seed(args.seed)
    loader = torch.utils.data.DataLoader(Tiles(72, rng), args.batch, shuffle=True)
    model = Block(6)
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        for tile, kind in loader:
            optimizer.zero_grad()
            loss = criterion(model(tile), kind)
            loss.backward()
            optimizer.step()
        print("epoch", epoch, "loss", round(loss.item(), 4))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=12)
    train(parser.parse_args())
