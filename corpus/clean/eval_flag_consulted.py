# The usual right way: the flag is stored, asked, and off for the test set.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, pictures, labels, train=True):
        self.pictures, self.labels, self.train = pictures, labels, train

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, i):
        picture = self.pictures[i]
        if self.train and random.random() < 0.5:
            picture = picture.flip(-1)
        return picture, self.labels[i]


x, y = torch.rand(90, 1, 6, 6), torch.randint(0, 2, (90,))
train_loader = DataLoader(Pictures(x[:60], y[:60]), batch_size=15, shuffle=True)
test_loader = DataLoader(Pictures(x[60:], y[60:], train=False), batch_size=30)

model = nn.Sequential(nn.Flatten(), nn.Linear(36, 16), nn.ReLU(), nn.Linear(16, 2))
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
