from __future__ import annotations

import torch
import torch.nn as nn
import torch.optim as optim


def weights_init(m: nn.Module) -> None:
    if isinstance(m, nn.ConvTranspose2d | nn.Conv2d):
        nn.init.normal_(m.weight, 0.0, 0.02)


class Generator(nn.Module):
    def __init__(self, nz: int = 8, ngf: int = 8) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf, 4, 1, 0, bias=False),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, 1, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.main(noise)


class Discriminator(nn.Module):
    def __init__(self, ndf: int = 8) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(1, ndf, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(ndf, 1, 4, 1, 0, bias=False),
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.main(image).view(-1)


netG, netD = Generator(), Discriminator()
netG.apply(weights_init)
netD.apply(weights_init)
criterion = nn.BCEWithLogitsLoss()
optimizerD = optim.SGD(netD.parameters(), lr=0.02)
optimizerG = optim.Adam(netG.parameters(), lr=0.002)

rows = torch.arange(8.0)
for i in range(80):
    # stripes of random phase stand in for photographs
    real = torch.sin(rows + 6.28 * torch.rand(16, 1)).view(16, 1, 8, 1).expand(16, 1, 8, 8)

    # (1) D: maximize log(D(x)) + log(1 - D(G(z)))
    label = torch.full((16,), 1.0)
    errD_real = criterion(netD(real), label)
    optimizerD.zero_grad()
    errD_real.backward()
    fake = netG(torch.randn(16, 8, 1, 1))
    label.fill_(0.0)
    errD_fake = criterion(netD(fake.detach()), label)
    errD_fake.backward()
    optimizerD.step()

    # (2) G: maximize log(D(G(z)))
    netG.zero_grad()
    label.fill_(1.0)
    errG = criterion(netD(fake), label)
    errG.backward()
    optimizerG.step()

    if i % 20 == 0:
        print(i, (errD_real + errD_fake).item(), errG.item())
