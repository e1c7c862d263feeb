# Flips, crops, Resize and ColorJitter stand behind ToTensor: in current torchvision they take tensors.
import torch
import torchvision.transforms as T
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData

train_transform = T.Compose(
    [
        T.ToTensor(),
        T.Resize(16, antialias=True),
        T.RandomCrop(14),
        T.RandomHorizontalFlip(),
        T.ColorJitter(0.1, 0.1),
        T.RandomErasing(),
        T.Normalize([0.5] * 3, [0.5] * 3),
    ]
)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(588, 3))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(2):
    for images, labels in DataLoader(FakeData(48, (3, 20, 20), 3, train_transform), batch_size=8, shuffle=True):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
