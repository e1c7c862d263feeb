import random

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import functional as TF


class Discs(Dataset):
    """A bright disc somewhere on the left, and the mask of it."""

    def __init__(self, centers, augment=False):
        self.augment = augment
        rows, columns = torch.meshgrid(torch.arange(16), torch.arange(16), indexing="ij")
        self.masks = [((rows - y) ** 2 + (columns - x) ** 2 < 9).float()[None] for y, x in centers]
        self.images = [mask + 0.2 * torch.rand(1, 16, 16) for mask in self.masks]

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, mask = self.images[index], self.masks[index]
        if self.augment and random.random() < 0.5:
            image = TF.hflip(image)
            mask = TF.hflip(mask)
        return image, mask


class Trainer:
    def __init__(self):
        centers = [(random.randrange(3, 13), random.randrange(3, 7)) for _ in range(96)]
        self.loader = DataLoader(Discs(centers[:72], augment=True), batch_size=16, shuffle=True)
        self.valid = DataLoader(Discs(centers[72:], augment=False), batch_size=16)
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))
        self.optimizer = optim.SGD(self.net.parameters(), lr=0.5)

    def epoch(self):
        for image, mask in self.loader:
            loss = F.binary_cross_entropy_with_logits(self.net(image), mask)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    @torch.no_grad()
    def validate(self):
        losses = [F.binary_cross_entropy_with_logits(self.net(image), mask) for image, mask in self.valid]
        return torch.stack(losses).mean().item()


random.seed(0)
torch.manual_seed(0)
trainer = Trainer()
for number in range(6):
    trainer.epoch()
    print(number, trainer.validate())
