import glob
import os
import tempfile

import numpy as np
import torch
import torch.nn as nn
import torchvision.transforms as transforms
from PIL import Image
from torch.utils.data import DataLoader, Dataset


def draw_pictures(root, count=24, size=40):
    """Discs on noise, and masks that show where the discs are."""
    rng = np.random.default_rng(1)
    os.makedirs(os.path.join(root, "img"))
    os.makedirs(os.path.join(root, "mask"))
    yy, xx = np.mgrid[:size, :size]
    for i in range(count):
        cy, cx = rng.integers(10, size - 10, 2)
        disc = (yy - cy) ** 2 + (xx - cx) ** 2 < 64
        picture = rng.integers(0, 120, (size, size, 3)) + 130 * disc[..., None]
        Image.fromarray(picture.astype(np.uint8)).save(os.path.join(root, "img", f"{i:03}.png"))
        Image.fromarray((disc * 255).astype(np.uint8)).save(os.path.join(root, "mask", f"{i:03}.png"))


class Discs(Dataset):
    def __init__(self, root, size=32):
        self.imgs = sorted(glob.glob(os.path.join(root, "img/*.png")))
        self.masks = sorted(glob.glob(os.path.join(root, "mask/*.png")))
        self.prepare = transforms.Compose([transforms.Resize((size, size)), transforms.ToTensor()])

    def __len__(self):
        return len(self.imgs)

    def __getitem__(self, i):
        img = Image.open(self.imgs[i]).convert("RGB")
        mask = Image.open(self.masks[i]).convert("L")
        return self.prepare(img), self.prepare(mask)


class UNetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),  # bug: channel-mismatch
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.out = nn.Conv2d(8 + 3, 1, 1)  # the picture itself is seen again

    def forward(self, x):
        u = self.up(self.down(x))
        return self.out(torch.cat([u, x], 1))


def train():
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as root:
        draw_pictures(root)
        loader = DataLoader(Discs(root), batch_size=6, shuffle=True)
        model = UNetish()
        optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
        criterion = nn.BCEWithLogitsLoss()
        for epoch in range(4):
            total = 0.0
            for img, mask in loader:
                optimizer.zero_grad()
                loss = criterion(model(img), mask)
                loss.backward()
                optimizer.step()
                total += loss.item()
            print(f"epoch {epoch}: {total / len(loader):.4f}")


train()
