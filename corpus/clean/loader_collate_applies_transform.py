# The transform is applied in collate_fn, which is a parameter that DataLoader has.
from functools import partial

import torch
import torchvision.transforms as T
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData


def collate(samples, transform):
    images, labels = zip(*samples)
    return torch.stack([transform(image) for image in images]), torch.tensor([int(label) for label in labels])


transform = T.Compose([T.RandomHorizontalFlip(), T.ToTensor()])
loader = DataLoader(FakeData(60, (3, 8, 8), 2), batch_size=12, collate_fn=partial(collate, transform=transform))
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.Adam(model.parameters())
for images, labels in loader:
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
