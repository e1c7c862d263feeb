# What is random changes colours, not places: the mask has nothing to follow.
import random

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Streets(Dataset):
    def __init__(self, image_transform, mask_transform):
        rng = np.random.default_rng(0)
        self.masks = [Image.fromarray((rng.random((12, 12)) > 0.5).astype(np.uint8)) for _ in range(40)]
        self.images = [Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)) for _ in range(40)]
        self.image_transform, self.mask_transform = image_transform, mask_transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.image_transform(self.images[index])
        if random.random() < 0.3:
            image = image + 0.1 * torch.randn_like(image)
        mask = self.mask_transform(self.masks[index])
        return {"image": image, "mask": mask.squeeze(0).long()}


colours = T.Compose([T.Resize(10), T.ColorJitter(0.3, 0.3), T.RandomGrayscale(), T.ToTensor(), T.RandomErasing()])
sizes = T.Compose([T.Resize(10, interpolation=T.InterpolationMode.NEAREST), T.PILToTensor()])
model = torch.nn.Conv2d(3, 2, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for batch in DataLoader(Streets(colours, sizes), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(batch["image"]), batch["mask"]).backward()
    optimizer.step()
