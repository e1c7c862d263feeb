# Image to image: dropout is this generator's only source of noise, so it is on when test images are translated.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Dropout(0.5), nn.Conv2d(8, 1, 3, padding=1))

    def forward(self, x):
        return torch.tanh(self.model(x))


pairs = TensorDataset(torch.rand(40, 1, 8, 8), torch.rand(40, 1, 8, 8))
train_loader = DataLoader(pairs, batch_size=8, shuffle=True)
val_dataloader = DataLoader(TensorDataset(torch.rand(8, 1, 8, 8)), batch_size=8)
generator, discriminator = Generator(), nn.Sequential(nn.Flatten(), nn.Linear(128, 1))
optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-4)
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
bce = nn.BCEWithLogitsLoss()

for epoch in range(2):
    for real_A, real_B in train_loader:
        optimizer_G.zero_grad()
        fake_B = generator(real_A)
        score = discriminator(torch.cat([real_A, fake_B], 1))
        bce(score, torch.ones_like(score)).backward()
        optimizer_G.step()

        optimizer_D.zero_grad()
        real = discriminator(torch.cat([real_A, real_B], 1))
        fake = discriminator(torch.cat([real_A, fake_B.detach()], 1))
        (bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))).backward()
        optimizer_D.step()
    with torch.no_grad():
        for (images,) in val_dataloader:
            print(epoch, generator(images).mean().item())
