# One draw decides on image and mask: under one `if`, by one angle, by one number that two conditions ask.
import random

import torch
import torchvision.transforms.functional as TF
from torch.utils.data import DataLoader, Dataset


class Patches(Dataset):
    def __init__(self):
        self.masks = (torch.rand(48, 1, 12, 12) > 0.6).float()
        self.images = torch.rand(48, 1, 12, 12) + self.masks

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, mask = self.images[index], self.masks[index]
        if random.random() < 0.5:
            image = TF.hflip(image)
            mask = TF.hflip(mask)
        upside_down = random.random() < 0.5
        if upside_down:
            image = TF.vflip(image)
        angle = random.uniform(-10, 10)
        image = TF.rotate(image, angle)
        mask = TF.rotate(mask, angle)
        if upside_down:
            mask = TF.vflip(mask)
        return image, mask


model = torch.nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for images, masks in DataLoader(Patches(), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images), masks).backward()
    optimizer.step()
