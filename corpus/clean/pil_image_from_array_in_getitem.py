# The arrays become PIL images in __getitem__, before the pipeline sees them.
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class ArrayImages(Dataset):
    def __init__(self, arrays, labels, transform=None):
        self.arrays = arrays
        self.labels = labels
        self.transform = transform

    def __len__(self):
        return len(self.arrays)

    def __getitem__(self, index):
        image = self.arrays[index]
        image = Image.fromarray(image)
        if self.transform is not None:
            image = self.transform(image)
        return image, self.labels[index]


arrays = np.random.randint(0, 256, (40, 16, 16, 3), dtype=np.uint8)
labels = np.arange(40) % 2
dataset = ArrayImages(arrays, labels, transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()]))
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(768, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in DataLoader(dataset, batch_size=8):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
