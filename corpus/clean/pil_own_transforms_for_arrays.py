# The classes are called like torchvision's, but are this file's own and work on arrays.
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, array):
        for transform in self.transforms:
            array = transform(array)
        return array


class RandomHorizontalFlip:
    def __call__(self, array):
        return array[:, ::-1].copy() if np.random.rand() < 0.5 else array


class ToTensor:
    def __call__(self, array):
        return torch.from_numpy(array).permute(2, 0, 1).float() / 255


class Arrays(Dataset):
    def __init__(self):
        self.data = np.random.randint(0, 256, (32, 8, 8, 3), dtype=np.uint8)
        self.transform = Compose([RandomHorizontalFlip(), ToTensor()])

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.transform(self.data[index]), index % 2


model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in DataLoader(Arrays(), batch_size=8):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
