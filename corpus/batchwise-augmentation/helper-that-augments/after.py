import math

import torch
from torch.utils import data
from torchvision import transforms


class Dots(data.Dataset):
    """How bright is the picture's one dot?"""

    def __init__(self, n=192):
        self.brightness = torch.rand(n, 1)
        self.pictures = torch.zeros(n, 1, 16, 16)
        for i in range(n):
            row, column = 4 + i % 7, 4 + i % 5
            self.pictures[i, 0, row : row + 3, column : column + 3] = self.brightness[i]

    def __len__(self):
        return self.pictures.size(0)

    def __getitem__(self, idx):
        return self.pictures[idx], self.brightness[idx]


class Regressor:
    def __init__(self):
        self.net = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(4 * 14 * 14, 1)
        )
        self.jitter = transforms.RandomAffine(degrees=0, translate=(0.2, 0.2))
        self.optim = torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def prepare(self, pictures):
        return torch.stack([self.jitter(image) for image in pictures])

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            squared = 0.0
            for pictures, brightness in loader:
                self.optim.zero_grad()
                loss = torch.nn.functional.mse_loss(self.net(self.prepare(pictures)), brightness)
                loss.backward()
                self.optim.step()
                squared += loss.item()
            print("epoch", epoch, "rmse", math.sqrt(squared / len(loader)))


torch.manual_seed(6)
Regressor().fit(data.DataLoader(Dots(), batch_size=24, shuffle=True), epochs=4)
