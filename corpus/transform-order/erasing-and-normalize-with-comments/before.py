import argparse

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.transforms as T
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Blobs(Dataset):
    """Grey pictures with a bright square; the class is the quadrant that it is in."""

    def __init__(self, n, transform=None):
        rng = np.random.default_rng(7)
        self.labels = rng.integers(0, 4, n)
        self.pictures = rng.integers(0, 90, (n, 16, 16), dtype=np.uint8)
        for picture, label in zip(self.pictures, self.labels):
            row, column = divmod(int(label), 2)
            picture[8 * row + 2 : 8 * row + 6, 8 * column + 2 : 8 * column + 6] = 230
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        picture = Image.fromarray(self.pictures[i])
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, int(self.labels[i])


def build_transform(args):
    return T.Compose(
        [
            # small shifts, as hand-held cameras make them
            T.RandomCrop(16, padding=1),
            T.Normalize([0.4], [0.25]),  # mean and std of the training set  # bug: transform-order
            # hides a part, so that the net looks at more than one
            T.RandomErasing(p=args.erase),
            T.ColorJitter(brightness=0.2),  # lamps differ
            T.ToTensor(),
        ]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--erase", type=float, default=0.2)
    args = parser.parse_args()

    torch.manual_seed(1)
    loader = DataLoader(Blobs(192, build_transform(args)), batch_size=24, shuffle=True)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(256, 4))
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for x, y in loader:
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
