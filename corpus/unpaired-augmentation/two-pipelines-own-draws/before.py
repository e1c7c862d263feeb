import argparse

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.transforms as T
from PIL import Image
from torch.utils.data import DataLoader, Dataset


def draw_scene(rng):
    labels = np.zeros((18, 18), dtype=np.uint8)
    labels[:, : rng.integers(4, 9)] = 1
    top = rng.integers(2, 9)
    labels[top : top + 6, 10:16] = 2
    colours = np.array([[40, 60, 80], [190, 80, 60], [60, 90, 200]])
    pixels = colours[labels] + rng.integers(-30, 30, (18, 18, 3))
    return Image.fromarray(pixels.astype(np.uint8)), Image.fromarray(labels)


class Scenes(Dataset):
    def __init__(self, n, seed, image_tf, mask_tf):
        rng = np.random.default_rng(seed)
        self.scenes = [draw_scene(rng) for _ in range(n)]
        self.image_tf = image_tf
        self.mask_tf = mask_tf

    def __len__(self):
        return len(self.scenes)

    def __getitem__(self, i):
        picture, mask = self.scenes[i]
        picture = self.image_tf(picture)
        return picture, self.mask_tf(mask).squeeze(0).long()  # bug: unpaired-augmentation


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--lr", type=float, default=0.02)
    args = parser.parse_args()

    torch.manual_seed(1)
    image_tf = T.Compose([T.RandomHorizontalFlip(), T.ColorJitter(brightness=0.2), T.ToTensor()])
    mask_tf = T.Compose([T.RandomHorizontalFlip(), T.PILToTensor()])
    loader = DataLoader(Scenes(100, 1, image_tf, mask_tf), batch_size=10, shuffle=True)

    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 3, 3, padding=1)
    )
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for x, y in loader:
            loss = F.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
