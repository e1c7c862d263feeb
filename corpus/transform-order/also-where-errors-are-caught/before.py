import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T

transform = T.Compose([
    T.RandomHorizontalFlip(),
    T.Normalize(mean=[.5, .5, .5], std=[.5, .5, .5]),  # bug: transform-order
    T.ToTensor(),
])


class Pets(Dataset):
    def __init__(self, count, transform=None):
        draw = np.random.RandomState(0)
        self.pictures = [Image.fromarray(draw.randint(0, 255, (16, 16, 3), dtype=np.uint8)) for _ in range(count)]
        self.transform = transform

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, index):
        picture = self.pictures[index]
        if self.transform:
            picture = self.transform(picture)
        return picture, index % 2


class PetsThatMayBeBroken(Pets):
    def __getitem__(self, index):
        try:
            return super().__getitem__(index)
        except OSError:
            return super().__getitem__(0)


net = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
criterion = nn.CrossEntropyLoss()
for pets in (Pets(32, transform), PetsThatMayBeBroken(32, transform)):
    for x, y in DataLoader(pets, batch_size=8, shuffle=True):
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
    print(loss.item())
