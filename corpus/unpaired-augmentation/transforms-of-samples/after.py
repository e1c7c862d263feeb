import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class RandomHorizontalFlip:
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, sample):
        img = sample['image']
        mask = sample['label']
        if random.random() < self.p:
            img = img.transpose(Image.FLIP_LEFT_RIGHT)
            mask = mask.transpose(Image.FLIP_LEFT_RIGHT)
        return {'image': img,
                'label': mask}


class FixedResize:
    def __init__(self, size):
        self.size = (size, size)

    def __call__(self, sample):
        img, mask = sample['image'], sample['label']
        assert img.size == mask.size
        return {'image': img.resize(self.size, Image.BILINEAR),
                'label': mask.resize(self.size, Image.NEAREST)}


class ToTensor:
    def __call__(self, sample):
        img = np.array(sample['image']).astype(np.float32) / 255
        mask = np.array(sample['label']).astype(np.int64)
        return {'image': torch.from_numpy(img).unsqueeze(0),
                'label': torch.from_numpy(mask)}


class Cells(Dataset):
    def __init__(self, count, transform):
        rng = np.random.default_rng(5)
        self.pairs = []
        for _ in range(count):
            mask = np.zeros((24, 24), np.uint8)
            top, left = rng.integers(2, 12), rng.integers(0, 6)
            mask[top:top + 8, left:left + 6] = 1
            image = (mask * 140 + rng.integers(0, 90, mask.shape)).astype(np.uint8)
            self.pairs.append((Image.fromarray(image), Image.fromarray(mask)))
        self.transform = transform

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        image, label = self.pairs[index]
        return self.transform({'image': image, 'label': label})


composed_transforms = transforms.Compose([
    RandomHorizontalFlip(),
    FixedResize(20),
    ToTensor()])
torch.manual_seed(0)
random.seed(0)
loader = DataLoader(Cells(64, composed_transforms), batch_size=8, shuffle=True)
net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 2, 3, padding=1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for epoch in range(5):
    total = 0.0
    for sample in loader:
        image, target = sample['image'], sample['label']
        optimizer.zero_grad()
        loss = F.cross_entropy(net(image), target)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print('[Epoch: %d] Loss: %.3f' % (epoch, total / len(loader)))
