# Whether the image was mirrored is kept, and the mask is mirrored by it in a helper later on.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


def prepare(mask, mirrored):
    return mask.flip(-1) if mirrored else mask


class Tiles(Dataset):
    def __init__(self, count=48):
        g = torch.Generator().manual_seed(2)
        self.masks = (torch.rand(count, 1, 12, 12, generator=g) > 0.8).float()
        self.images = 0.5 * self.masks + 0.2 * torch.rand(count, 1, 12, 12, generator=g)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, mask = self.images[index], self.masks[index]
        mirrored = False
        if random.random() < 0.5:
            image = image.flip(-1)
            mirrored = True
        mask = prepare(mask, mirrored)
        return {"image": image, "mask": mask, "mask_path": f"{index}.png"}


torch.manual_seed(0)
net = nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(2):
    for batch in DataLoader(Tiles(), batch_size=12, shuffle=True):
        loss = nn.functional.binary_cross_entropy_with_logits(net(batch["image"]), batch["mask"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
