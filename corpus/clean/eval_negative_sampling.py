# Triplets: another sample is drawn at random for each anchor, in validation too; nothing is augmented.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Triplets(Dataset):
    def __init__(self, points):
        self.points = points

    def __len__(self):
        return len(self.points)

    def __getitem__(self, i):
        anchor = self.points[i]
        j = random.randrange(len(self.points))
        return anchor, anchor + 0.1, self.points[j]


points = torch.randn(80, 6)
train_loader = DataLoader(Triplets(points[:60]), batch_size=20, shuffle=True)
val_loader = DataLoader(Triplets(points[60:]), batch_size=20)
embed = nn.Linear(6, 4)
criterion = nn.TripletMarginLoss()
optimizer = torch.optim.SGD(embed.parameters(), lr=0.1)
for a, p, n in train_loader:
    optimizer.zero_grad()
    criterion(embed(a), embed(p), embed(n)).backward()
    optimizer.step()
embed.eval()
with torch.no_grad():
    for a, p, n in val_loader:
        print(criterion(embed(a), embed(p), embed(n)).item())
