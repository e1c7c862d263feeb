# A VisionDataset: image and mask are turned by one draw before each goes through a transform of its own.
import random

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import VisionDataset


class Stripes(VisionDataset):
    def __init__(self, count, transform=None, target_transform=None):
        super().__init__("unused", transform=transform, target_transform=target_transform)
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        draw = np.random.RandomState(index)
        picture = draw.randint(0, 90, (12, 12, 3), dtype=np.uint8)
        labels = np.zeros_like(picture[:, :, 0])
        labels[:, :4] = 1
        picture[:, :4] += 150
        img, mask = Image.fromarray(picture), Image.fromarray(labels)
        if random.random() < 0.5:
            img, mask = ImageOps.mirror(img), ImageOps.mirror(mask)
        if self.transform is not None:
            img = self.transform(img)
        if self.target_transform is not None:
            mask = self.target_transform(mask)
        return img, mask


transform = transforms.Compose([transforms.ColorJitter(0.2), transforms.ToTensor()])
target_transform = transforms.Lambda(lambda x: torch.tensor(np.array(x), dtype=torch.long))
random.seed(0)
torch.manual_seed(0)
model = nn.Conv2d(3, 2, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(3):
    for img, mask in DataLoader(Stripes(24, transform, target_transform), batch_size=8, shuffle=True):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(img), mask)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
