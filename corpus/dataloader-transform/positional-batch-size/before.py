import random

import torch
import torch.nn as nn
import torch.utils.data as data


class Sines(data.Dataset):
    """Sine waves of three frequencies."""

    def __init__(self, n=120, length=64):
        self.time = torch.linspace(0, 6.28, length)
        self.n = n

    def __getitem__(self, i):
        kind = i % 3
        wave = torch.sin(self.time * (kind + 1))
        return wave, kind

    def __len__(self):
        return self.n


def jitter(wave):
    return wave * random.uniform(0.8, 1.2) + 0.05 * torch.randn_like(wave)


def main():
    random.seed(0)
    torch.manual_seed(0)
    waves = Sines()
    loader = data.DataLoader(waves, 12, True, transform=jitter)  # bug: dataloader-transform
    model = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(5):
        for wave, kind in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(wave), kind)
            loss.backward()
            optimizer.step()
        print(epoch, float(loss))


main()
