# This Normalize is the file's own and works on images and arrays, so that it may stand before ToTensor.
import numpy as np
import torch
from torchvision import datasets
from torchvision.transforms import Compose, ToTensor


class Normalize:
    def __init__(self, mean, std):
        self.mean, self.std = mean, std

    def __call__(self, picture):
        return ((np.asarray(picture, dtype=np.float32) / 255 - self.mean) / self.std).astype(np.float32)


transform = Compose([Normalize(0.5, 0.25), ToTensor()])
loader = torch.utils.data.DataLoader(datasets.FakeData(64, (3, 8, 8), 2, transform), batch_size=16, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
