import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class Sketches(Dataset):
    def __init__(self, drawings, kinds, train=True):
        self.drawings = drawings
        self.kinds = kinds
        self.train = train

    def __len__(self):
        return len(self.drawings)

    def __getitem__(self, n):
        drawing = self.drawings[n]
        if self.train:
            if random.random() > 0.5:
                drawing = drawing.flip(1)
        return drawing.flatten(), self.kinds[n]


torch.manual_seed(0)
kinds = torch.randint(0, 4, (200,))
drawings = torch.rand(200, 9, 9)
for drawing, kind in zip(drawings, kinds):
    drawing[2 * kind] += 0.6

dataset = Sketches(drawings, kinds, train=True)
train_set, val_set = random_split(dataset, [160, 40])
val_set = torch.utils.data.Subset(Sketches(drawings, kinds, train=False), val_set.indices)

train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
val_loader = DataLoader(val_set, batch_size=20)

model = nn.Sequential(nn.Linear(81, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)

for epoch in range(5):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        losses = [nn.functional.cross_entropy(model(x), y).item() for x, y in val_loader]
    print(epoch, sum(losses) / len(losses))
