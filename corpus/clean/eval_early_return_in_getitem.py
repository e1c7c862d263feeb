# __getitem__ returns before it augments, where the set is not for training.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Waves(Dataset):
    def __init__(self, waves, kinds, augment=False):
        self.waves = waves
        self.kinds = kinds
        self.augment = augment

    def __len__(self):
        return len(self.waves)

    def __getitem__(self, i):
        wave = self.waves[i]
        if not self.augment:
            return wave, self.kinds[i]
        shift = torch.randint(-3, 4, ()).item()
        wave = torch.roll(wave, shift, dims=0)
        return wave, self.kinds[i]


waves, kinds = torch.randn(80, 32), torch.randint(0, 2, (80,))
train_loader = DataLoader(Waves(waves[:60], kinds[:60], augment=True), batch_size=20, shuffle=True)
test_loader = DataLoader(Waves(waves[60:], kinds[60:]), batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 2))
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
