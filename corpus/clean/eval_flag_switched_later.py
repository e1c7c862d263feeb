# The flag is on by default and switched off on the test set before anything is drawn.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Glyphs(Dataset):
    def __init__(self, glyphs, letters, augment=True):
        self.glyphs = glyphs
        self.letters = letters
        self.augment = augment

    def __len__(self):
        return len(self.glyphs)

    def __getitem__(self, i):
        glyph = self.glyphs[i]
        if self.augment:
            glyph = torch.roll(glyph, random.randint(-1, 1), dims=-1)
        return glyph, self.letters[i]


glyphs, letters = torch.rand(60, 1, 6, 6), torch.randint(0, 2, (60,))
train_set = Glyphs(glyphs[:40], letters[:40])
test_set = Glyphs(glyphs[40:], letters[40:])
test_set.augment = False
train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
test_loader = DataLoader(test_set, batch_size=20)

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
