# both networks see the same fakes; gradients are cleared at the top of each round
import torch
from torch import nn

torch.manual_seed(5)
generator = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
discriminator = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
bce = nn.BCEWithLogitsLoss()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=1e-2)
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=1e-3)
data = torch.randn(320, 2) * 0.3 + 2.0

for epoch in range(4):
    for real in data.split(32):
        optimizer_G.zero_grad()
        optimizer_D.zero_grad()
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)

        noise = torch.randn(len(real), 2)
        d_loss = bce(discriminator(real), ones) + bce(discriminator(generator(noise).detach()), zeros)
        d_loss.backward()
        optimizer_D.step()

        g_loss = bce(discriminator(generator(noise)), ones)
        g_loss.backward()
        optimizer_G.step()
    print(epoch, d_loss.item(), g_loss.item())
