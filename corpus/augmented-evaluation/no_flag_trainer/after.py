import numpy as np
import torch
import torch.nn as nn
import torch.utils.data as data


class TileDataset(data.Dataset):
    """Square tiles and the class of each."""

    def __init__(self, tiles, classes, train=True):
        self.tiles = tiles
        self.classes = classes
        self.train = train

    def __len__(self):
        return len(self.tiles)

    def __getitem__(self, index):
        tile = self.tiles[index]
        if self.train and np.random.rand() < 0.5:
            tile = np.fliplr(tile)
        if self.train:
            tile = np.rot90(tile, np.random.randint(4))
        return torch.from_numpy(tile.copy()).float(), int(self.classes[index])


class Trainer:
    def __init__(self, model, train_data, val_data, lr=1e-2):
        self.model = model
        self.train_loader = data.DataLoader(train_data, batch_size=16, shuffle=True)
        self.val_loader = data.DataLoader(val_data, batch_size=16)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def train_epoch(self):
        self.model.train()
        total = 0.0
        for x, y in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        losses = [self.criterion(self.model(x), y).item() for x, y in self.val_loader]
        return sum(losses) / len(losses)

    def fit(self, epochs):
        for epoch in range(epochs):
            print(f"[{epoch}] train={self.train_epoch():.4f} val={self.validate():.4f}")


def make_tiles(n, seed):
    rng = np.random.RandomState(seed)
    classes = rng.randint(0, 2, size=n)
    tiles = rng.rand(n, 12, 12) * (0.5 + 0.5 * classes[:, None, None])
    return tiles, classes


if __name__ == "__main__":
    train_data = TileDataset(*make_tiles(96, seed=1))
    val_data = TileDataset(*make_tiles(48, seed=2), train=False)
    net = nn.Sequential(nn.Flatten(), nn.Linear(144, 32), nn.ReLU(), nn.Linear(32, 2))
    Trainer(net, train_data, val_data).fit(epochs=5)
