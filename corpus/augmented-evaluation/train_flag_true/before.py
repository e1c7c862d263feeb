import random

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Stripes(Dataset):
    """8x8 pictures of horizontal or vertical stripes."""

    def __init__(self, pictures, labels, train=True):
        self.pictures = pictures
        self.labels = labels
        self.train = train

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, index):
        picture = self.pictures[index]
        if self.train and random.random() < 0.5:
            picture = np.flip(picture, axis=1)
        return torch.tensor(picture.copy(), dtype=torch.float32), self.labels[index]


rng = np.random.default_rng(0)
labels = [i % 2 for i in range(120)]
pictures = []
for label in labels:
    stripes = np.tile([[0.0, 0.0, 1.0, 1.0]], (8, 2))
    pictures.append((stripes if label else stripes.T) + rng.normal(0, 0.3, (8, 8)))

train_dataset = Stripes(pictures[:80], labels[:80], train=True)
test_dataset = Stripes(pictures[80:], labels[80:], train=True)  # bug: augmented-evaluation

train_loader = DataLoader(train_dataset, batch_size=16, shuffle=True)
test_loader = DataLoader(test_dataset, batch_size=16, shuffle=False)

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()

for epoch in range(6):
    model.train()
    for images, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), targets)
        loss.backward()
        optimizer.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for images, targets in test_loader:
            correct += (model(images).argmax(1) == targets).sum().item()
    print(f"epoch {epoch}: {correct / len(test_dataset):.3f}")
