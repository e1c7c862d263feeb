import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import VisionDataset


def painted(seed, size=16):
    """A picture with a bright side, and the same side in the mask."""
    draw = np.random.RandomState(seed)
    picture = draw.randint(0, 90, (size, size, 3), dtype=np.uint8)
    side = np.zeros((size, size), dtype=np.uint8)
    width = draw.randint(3, 7)
    picture[:, :width] += 150
    side[:, :width] = 1
    return Image.fromarray(picture), Image.fromarray(side)


class Sides(VisionDataset):
    def __init__(self, count, transform=None, target_transform=None):
        super().__init__("unused", transform=transform, target_transform=target_transform)
        self.pairs = [painted(seed) for seed in range(count)]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        img, mask = self.pairs[index]
        if self.transform is not None:
            img = self.transform(img)  # bug: unpaired-augmentation
        if self.target_transform is not None:
            mask = self.target_transform(mask)
        return img, mask


transform = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
target_transform = transforms.Compose([transforms.PILToTensor()])
train_set = Sides(48, transform=transform, target_transform=target_transform)

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 2, 3, padding=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
criterion = nn.CrossEntropyLoss()
for epoch in range(3):
    for img, mask in DataLoader(train_set, batch_size=8, shuffle=True):
        optimizer.zero_grad()
        loss = criterion(model(img), mask.squeeze(1).long())
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
