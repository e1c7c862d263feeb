import numpy as np
import torch
import torchvision.transforms as T
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Tiles(Dataset):
    def __init__(self, n_tiles: int, seed: int = 0):
        rng = np.random.default_rng(seed)
        self.tiles = rng.integers(0, 255, (n_tiles, 32, 32, 3), dtype=np.uint8)
        self.dark = self.tiles.mean(axis=(1, 2, 3)) < 127
        self.augment = T.Compose([T.ToPILImage(), T.RandomHorizontalFlip(), T.ColorJitter(0.1, 0.1), T.ToTensor()])

    def __len__(self):
        return len(self.tiles)

    def __getitem__(self, item):
        return self.augment(self.tiles[item]), float(self.dark[item])


def train(model, loader, epochs=4):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    loss_fn = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        for tiles, dark in loader:
            loss = loss_fn(model(tiles).squeeze(1), dark.float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    torch.manual_seed(1)
    train(nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(192, 1)), DataLoader(Tiles(120), batch_size=12, shuffle=True))
