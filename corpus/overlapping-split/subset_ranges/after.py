"""Classify noisy waves by their frequency."""
import torch as t
import torch.nn.functional as F
from torch import nn
from torch.utils import data


class Waves(data.Dataset):
    def __init__(self, count):
        self.kinds = t.randint(0, 3, (count,))
        ticks = t.linspace(0, 6.28, 24)
        self.waves = t.sin((self.kinds[:, None] + 1) * ticks) + 0.4 * t.randn(count, 24)

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, index):
        return self.waves[index], self.kinds[index]


waves = Waves(150)
train_waves = data.Subset(waves, range(0, 120))
test_waves = data.Subset(waves, range(120, 150))

net = nn.Sequential(nn.Linear(24, 16), nn.Tanh(), nn.Linear(16, 3))
opt = t.optim.Adam(net.parameters(), lr=5e-3)
for _ in range(6):
    for wave, label in data.DataLoader(train_waves, batch_size=20, shuffle=True):
        opt.zero_grad()
        F.cross_entropy(net(wave), label).backward()
        opt.step()

net.eval()
hits = 0
with t.no_grad():
    for wave, label in data.DataLoader(test_waves, batch_size=10):
        hits += (net(wave).argmax(dim=1) == label).sum().item()
print(f"{hits} of {len(test_waves)}")
