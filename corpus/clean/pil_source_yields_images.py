# FakeData yields PIL images, and the subclass hands them on; `images` arrays in the file go to another dataset.
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets
from torchvision.transforms import Compose, Lambda, RandomCrop, ToPILImage, ToTensor

images = np.random.rand(20, 3, 8, 8).astype(np.float32)
from_arrays = TensorDataset(torch.from_numpy(images), torch.zeros(20, dtype=torch.long))


class Pictures(datasets.FakeData):
    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image, label % 2


pictures = Pictures(20, (3, 10, 10), 4, transform=Compose([RandomCrop(8), ToTensor()]))
wrapped = [Compose([Lambda(lambda a: (a * 255).astype("uint8").transpose(1, 2, 0)), ToPILImage(), ToTensor()])(a) for a in images]

model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in [*DataLoader(from_arrays, batch_size=5), *DataLoader(pictures, batch_size=5), (torch.stack(wrapped), torch.ones(20).long())]:
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
