"""Trains on one of several kinds of pictures; what belongs to a kind stands in PRESETS."""
import argparse

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import transforms


def rings(count, seed):
    rng = np.random.default_rng(seed)
    for number in range(count):
        label = number % 2
        picture = rng.integers(90, 160, (24, 24), dtype=np.uint8)
        picture[4 + 8 * label:12 + 8 * label, 6:18] = 240
        yield Image.fromarray(picture), label


PRESETS = {
    "rings": {
        "make": rings,
        "train_transform": transforms.Compose(
            [transforms.RandomCrop(20), transforms.ToTensor(), transforms.Normalize((0.5,), (0.2,))]
        ),
        "valid_transform": transforms.Compose(
            [
                transforms.CenterCrop(20),
                transforms.ToTensor(),
                transforms.Normalize((0.5,), (0.2,)),
            ]
        ),
    },
}


class Pictures(torch.utils.data.Dataset):
    def __init__(self, kind, part, count):
        self.preset = PRESETS[kind]
        self.apply = self.preset[f"{part}_transform"]
        self.items = list(self.preset["make"](count, seed=len(part) + count))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        picture, label = self.items[index]
        return self.apply(picture), label


def run_epoch(model, loader, optimizer=None):
    total, right = 0.0, 0
    for x, y in loader:
        out = model(x)
        loss = nn.functional.cross_entropy(out, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=sorted(PRESETS), default="rings")
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    torch.manual_seed(1)
    load = torch.utils.data.DataLoader
    parts = [load(Pictures(args.kind, part, n), batch_size=8, shuffle=True) for part, n in (("train", 48), ("valid", 24))]
    model = nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(96, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        model.train()
        print(epoch, *run_epoch(model, parts[0], optimizer))
        model.eval()
        with torch.no_grad():
            print(epoch, *run_epoch(model, parts[1]))


if __name__ == "__main__":
    main()
