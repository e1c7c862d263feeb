"""Which of two textures is it?"""
import argparse

import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import CenterCrop, Compose, RandomVerticalFlip


class Textures(Dataset):
    def __init__(self, root_seed, size, transform=None):
        generator = np.random.RandomState(root_seed)
        self.pictures = []
        self.kinds = []
        for k in range(size):
            picture = generator.randint(0, 100, size=(24, 24)).astype(np.uint8)
            if k % 2:
                picture[::2] += 100
            self.pictures.append(picture)
            self.kinds.append(k % 2)
        self.transform = transform

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, index):
        picture = self.pictures[index]
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, self.kinds[index]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", default=5, type=int)
    parser.add_argument("--batch", default=16, type=int)
    args = parser.parse_args()
    torch.manual_seed(0)

    dataset = Textures(
        root_seed=3,
        size=128,
        transform=Compose(
            [
                CenterCrop(20),  # bug: missing-to-pil-image
                RandomVerticalFlip(p=0.5),  # rows are what matters, so this is harmless
            ]
        ),
    )
    loader = DataLoader(dataset, batch_size=args.batch, shuffle=True)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 18 * 18, 2))
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(args.epochs):
        for pictures, kinds in loader:
            optimizer.zero_grad()
            loss = criterion(model(pictures), kinds)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: {loss.item():.4f}")


if __name__ == "__main__":
    main()
