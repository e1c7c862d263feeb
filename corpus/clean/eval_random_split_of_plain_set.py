# random_split of a set that does not augment; the training loop augments its own batches.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def augment(batch):
    return batch.flip(-1) if random.random() < 0.5 else batch


data = TensorDataset(torch.rand(90, 1, 6, 6), torch.randint(0, 2, (90,)))
train_set, val_set = random_split(data, [60, 30])
model = nn.Sequential(nn.Flatten(), nn.Linear(36, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for images, labels in DataLoader(train_set, batch_size=20, shuffle=True):
    images = augment(images)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    for images, labels in DataLoader(val_set, batch_size=30):
        print(nn.functional.cross_entropy(model(images), labels).item())
