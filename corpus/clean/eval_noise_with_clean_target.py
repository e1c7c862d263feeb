# An autoencoder learns to take the noise away: the noisy copy is the input, the clean one the target.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class NoisyCurves(Dataset):
    def __init__(self, curves):
        self.curves = curves

    def __len__(self):
        return len(self.curves)

    def __getitem__(self, i):
        curve = self.curves[i]
        target = curve.clone()
        if torch.rand(()) < 0.9:
            curve = curve + 0.2 * torch.randn_like(curve)
        return curve, target


curves = torch.sin(torch.linspace(0, 6, 24) * torch.rand(80, 1))
train_loader = DataLoader(NoisyCurves(curves[:60]), batch_size=20, shuffle=True)
test_loader = DataLoader(NoisyCurves(curves[60:]), batch_size=20)
model = nn.Sequential(nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, 24))
optimizer = torch.optim.Adam(model.parameters())
for noisy, target in train_loader:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(noisy), target).backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    for noisy, target in test_loader:
        print(nn.functional.mse_loss(model(noisy), target).item())
