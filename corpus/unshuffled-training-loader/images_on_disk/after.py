import glob
import os
import tempfile

import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader


class Tiles(Dataset):
    """Tiles of two kinds of ground, stored as <kind>/<number>.pt."""

    def __init__(self, root):
        self.paths = sorted(glob.glob(os.path.join(root, "*", "*.pt")))
        self.kinds = sorted(os.listdir(root))

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        kind = os.path.basename(os.path.dirname(path))
        return torch.load(path), self.kinds.index(kind)


def write_tiles(root):
    for number, kind in enumerate(("grass", "sand")):
        os.mkdir(os.path.join(root, kind))
        for i in range(40):
            tile = torch.randn(1, 6, 6) + number
            torch.save(tile, os.path.join(root, kind, f"{i:03}.pt"))


torch.manual_seed(5)
folder = tempfile.mkdtemp()
write_tiles(folder)
trainset = Tiles(folder)
trainloader = DataLoader(trainset, batch_size=8, shuffle=True)

cnn = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(cnn.parameters(), lr=3e-3)

for epoch in range(5):
    for tiles, kinds in trainloader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(cnn(tiles), kinds)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
