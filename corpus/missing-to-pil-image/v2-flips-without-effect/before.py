"""Estimate the colour cast of photos. The flips were meant to augment, but v2 leaves arrays as they are."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms.v2 import Compose, RandomHorizontalFlip, RandomVerticalFlip, ToDtype, ToImage


class Photos(Dataset):
    def __init__(self, count, transform):
        rng = np.random.default_rng(21)
        self.casts = rng.random((count, 3)).astype(np.float32)
        noise = rng.random((count, 16, 16, 3))
        self.photos = (255 * (0.5 * self.casts[:, None, None, :] + 0.5 * noise)).astype(np.uint8)
        self.transform = transform

    def __len__(self):
        return len(self.photos)

    def __getitem__(self, index):
        return self.transform(self.photos[index]), self.casts[index]


def fit(model, loader, epochs, lr=0.05):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for photos, casts in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(photos), casts)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.5f}")


transform = Compose(
    [
        RandomHorizontalFlip(),  # bug: missing-to-pil-image
        RandomVerticalFlip(),
        ToImage(),
        ToDtype(torch.float32, scale=True),
    ]
)

torch.manual_seed(0)
loader = DataLoader(Photos(120, transform), batch_size=12, shuffle=True)
fit(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 3)), loader, epochs=5)
