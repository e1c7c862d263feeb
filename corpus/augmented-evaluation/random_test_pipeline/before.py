import numpy as np
import torch
import torch.nn as nn
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pictures(Dataset):
    def __init__(self, count, transform, seed):
        rng = np.random.default_rng(seed)
        self.labels = rng.integers(0, 3, count)
        self.images = []
        for label in self.labels:
            pixels = rng.integers(0, 120, (48, 48, 3), dtype=np.uint8)
            pixels[..., label] += 100
            self.images.append(Image.fromarray(pixels))
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        return self.transform(self.images[idx]), int(self.labels[idx])


normalize = transforms.Normalize(mean=[0.5, 0.5, 0.5], std=[0.25, 0.25, 0.25])

train_transform = transforms.Compose([
    transforms.RandomResizedCrop(28),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.1, 0.1, 0.1),
    transforms.ToTensor(),
    normalize,
])

test_transform = transforms.Compose([
    transforms.RandomResizedCrop(28),  # bug: augmented-evaluation
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    normalize,
])

train_loader = DataLoader(Pictures(96, train_transform, seed=0), batch_size=16, shuffle=True)
test_loader = DataLoader(Pictures(48, test_transform, seed=1), batch_size=16)

model = nn.Sequential(
    nn.Conv2d(3, 8, 5, stride=2),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(8, 3),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

for epoch in range(4):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in test_loader)
    print(epoch, right / 48)
