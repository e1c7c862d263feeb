# `transform=` goes to a helper of this file, which hands it to the dataset and gives the loader the rest.
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def make_loader(size, transform, **kwargs):
    dataset = datasets.FakeData(size, (1, 10, 10), 4, transform=transform)
    return DataLoader(dataset, **kwargs)


options = {"transform": transforms.ToTensor(), "batch_size": 10, "shuffle": True}
train_loader = make_loader(80, **options)

options.pop("transform")
extra = datasets.FakeData(20, (1, 10, 10), 4, transform=transforms.PILToTensor())
extra_loader = DataLoader(extra, **options)

model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(100, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for loader in (train_loader, extra_loader):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x.float()), y).backward()
        optimizer.step()
