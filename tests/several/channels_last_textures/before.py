import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Textures(Dataset):
    """Coloured patches as a camera gives them: height, width, channels."""

    def __init__(self, count):
        rng = np.random.default_rng(7)
        self.kinds = np.sort(rng.integers(0, 3, count))
        self.patches = rng.random((count, 10, 10, 3))
        for patch, kind in zip(self.patches, self.kinds):
            patch[..., kind] += 1

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, i):
        patch = torch.from_numpy(self.patches[i])
        return patch, int(self.kinds[i])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(16)  # of another net
        self.head = nn.Linear(8 * 4 * 4, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 2)
        x = x.view(16, -1)
        return self.head(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    torch.manual_seed(0)

    loader = DataLoader(Textures(100), batch_size=16, shuffle=True)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        for patches, kinds in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(patches), kinds)
            loss.backward()
            optimizer.step()
        print(epoch, round(loss.item(), 4))


if __name__ == "__main__":
    main()
