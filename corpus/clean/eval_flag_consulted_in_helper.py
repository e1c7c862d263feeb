# The flag is consulted in a helper method, not in __getitem__ itself.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scans(Dataset):
    def __init__(self, scans, grades, training):
        self.scans = scans
        self.grades = grades
        self.training = training

    def _augment(self, scan):
        if not self.training:
            return scan
        if np.random.rand() < 0.5:
            scan = scan[:, ::-1].copy()
        return np.roll(scan, np.random.randint(-2, 3), axis=0)

    def __len__(self):
        return len(self.scans)

    def __getitem__(self, i):
        scan = self._augment(self.scans[i])
        return torch.from_numpy(scan), self.grades[i]


rng = np.random.default_rng(0)
scans = rng.random((80, 8, 8), dtype=np.float32)
grades = rng.integers(0, 2, 80)
train_loader = DataLoader(Scans(scans[:60], grades[:60], training=True), batch_size=20, shuffle=True)
test_loader = DataLoader(Scans(scans[60:], grades[60:], training=False), batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 2))
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
