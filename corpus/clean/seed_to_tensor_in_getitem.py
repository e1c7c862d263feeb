# A dataset of NumPy pictures whose __getitem__ converts each of them, by a ToTensor that it keeps: float tensors, C first.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pictures(Dataset):
    def __init__(self, arrays, classes):
        self.arrays = arrays
        self.classes = classes
        self.convert = transforms.ToTensor()

    def __len__(self):
        return len(self.arrays)

    def __getitem__(self, position):
        picture = self.arrays[position]
        picture = self.convert(picture)
        return picture, self.classes[position]


rng = np.random.default_rng(4)
classes = [int(each) for each in rng.integers(0, 3, 48)]
arrays = [rng.integers(0, 255, (12, 12, 3), dtype=np.uint8) for _ in classes]
loader = DataLoader(Pictures(arrays, classes), batch_size=12, shuffle=True)

net = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(2):
    for batch, answers in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(batch), answers)
        loss.backward()
        optimizer.step()
