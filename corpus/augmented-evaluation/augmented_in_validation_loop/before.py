import random

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


def augment(batch):
    """Random mirror and a random shift to the side."""
    if random.random() < 0.5:
        batch = batch.flip(-1)
    return torch.roll(batch, random.randint(-2, 2), dims=-1)


torch.manual_seed(0)
random.seed(0)
y = torch.randint(0, 2, (160,))
x = torch.randn(160, 1, 12, 12)
x[y == 1, :, :6] += 0.8

train_loader = DataLoader(TensorDataset(x[:120], y[:120]), batch_size=24, shuffle=True)
val_loader = DataLoader(TensorDataset(x[120:], y[120:]), batch_size=40)

model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(400, 2))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(5):
    model.train()
    for images, labels in train_loader:
        images = augment(images)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()

    model.eval()
    val_loss = 0.0
    with torch.no_grad():
        for images, labels in val_loader:
            images = augment(images)  # bug: augmented-evaluation
            val_loss += criterion(model(images), labels).item()
    print(epoch, val_loss / len(val_loader))
