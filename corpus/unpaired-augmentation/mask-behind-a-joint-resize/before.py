import random

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset


def shrink(image, mask, size=16):
    both = torch.cat([image, mask])[None]
    image, mask = F.interpolate(both, size=(size, size), mode="nearest")[0].split(1)
    return image, mask


class Cells(Dataset):
    def __init__(self, count=96):
        g = torch.Generator().manual_seed(5)
        self.masks = torch.zeros(count, 1, 24, 24)
        for mask in self.masks:
            top, left = torch.randint(0, 14, (2,), generator=g).tolist()
            mask[0, top : top + 6, left : left + 9] = 1.0
        self.images = 0.7 * self.masks + 0.3 * torch.rand(count, 1, 24, 24, generator=g)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i].clone()
        mask = self.masks[i]
        if random.random() < 0.5:
            image = image.flip(-1)  # bug: unpaired-augmentation
        image, mask = shrink(image, mask)
        return image, mask


torch.manual_seed(0)
random.seed(0)
net = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.Conv2d(6, 1, 3, padding=1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
loader = DataLoader(Cells(), batch_size=16, shuffle=True)
for epoch in range(6):
    for image, mask in loader:
        loss = F.binary_cross_entropy_with_logits(net(image), mask)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
