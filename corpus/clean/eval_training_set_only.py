# The class augments always, and only training draws from it; the test set is a TensorDataset.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


class AugmentedImages(Dataset):
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i]
        if random.random() < 0.5:
            image = torch.flip(image, [-1])
        return image, self.labels[i]


images, labels = torch.rand(100, 1, 5, 5), torch.randint(0, 2, (100,))
train_loader = DataLoader(AugmentedImages(images[:80], labels[:80]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(images[80:], labels[80:]), batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(25, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()
for epoch in range(2):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print(epoch, criterion(model(x), y).item())
