import torch
from torch import nn, optim
from torch.utils.data import Dataset, DataLoader


class Noisy(Dataset):
    def __init__(self, clean, noise):
        self.values = clean + noise * torch.randn_like(clean)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        return self.values[index]


class Clean(Dataset):
    def __init__(self, clean):
        self.values = clean

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        return self.values[index]


class Denoiser:
    def __init__(self, signals, epochs):
        self.epochs = epochs
        self.noisy_loader = DataLoader(Noisy(signals, 0.3), batch_size=16, shuffle=True)
        self.clean_loader = DataLoader(Clean(signals), batch_size=16, shuffle=True)
        self.net = nn.Sequential(nn.Linear(20, 40), nn.Tanh(), nn.Linear(40, 20))
        self.optimizer = optim.AdamW(self.net.parameters(), lr=3e-3)
        self.distance = nn.L1Loss()

    def fit(self):
        for epoch in range(self.epochs):
            self.net.train()
            for noisy, clean in zip(self.noisy_loader, self.clean_loader):  # bug: zip-of-shuffled-loaders
                loss = self.distance(self.net(noisy), clean)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            print(epoch, loss.item())


torch.manual_seed(3)
phase = torch.rand(160, 1) * 6.28
signals = torch.sin(torch.linspace(0, 6.28, 20) + phase)
Denoiser(signals, epochs=6).fit()
