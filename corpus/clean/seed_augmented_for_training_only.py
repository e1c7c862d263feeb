# One dataset class, two sets: the flag that switches the flip on is on for training and off for the test.
import random

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scans(Dataset):
    def __init__(self, scans, train=True):
        self.scans = scans
        self.train = train

    def __len__(self):
        return len(self.scans)

    def __getitem__(self, i):
        scan, label = self.scans[i]
        if self.train and random.random() < 0.5:
            scan = np.flip(scan, axis=2).copy()
        return torch.tensor(scan, dtype=torch.float32), label


rng = np.random.default_rng(0)
scans = [(rng.random((1, 6, 6)) + i % 2, i % 2) for i in range(60)]
training, test = Scans(scans[:40], train=True), Scans(scans[40:], train=False)
training_loader = DataLoader(training, batch_size=8, shuffle=True)
test_loader = DataLoader(test, batch_size=8, shuffle=False)

net = nn.Sequential(nn.Flatten(), nn.Linear(36, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(3):
    for pixels, label in training_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(pixels), label).backward()
        optimizer.step()
    with torch.no_grad():
        hits = sum((net(pixels).argmax(1) == label).sum().item() for pixels, label in test_loader)
    print(epoch, hits)
