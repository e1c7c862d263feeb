import torch
import torch.nn as nn

latent = 4
generator = nn.Sequential(nn.Linear(latent, 16), nn.ReLU(), nn.Linear(16, 2))
discriminator = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
adversarial_loss = nn.BCEWithLogitsLoss()
valid, fake = torch.ones(64, 1), torch.zeros(64, 1)

for batch in range(60):
    real = torch.randn(64, 2) * 0.2 + torch.tensor([2.0, -1.0])

    # -- generator
    optimizer_G.zero_grad()
    gen = generator(torch.randn(64, latent))
    g_loss = adversarial_loss(discriminator(gen), valid)
    g_loss.backward()
    optimizer_G.step()

    # -- discriminator
    optimizer_D.zero_grad()
    real_loss = adversarial_loss(discriminator(real), valid)
    fake_loss = adversarial_loss(discriminator(gen.detach()), fake)
    d_loss = (real_loss + fake_loss) / 2
    d_loss.backward()
    optimizer_D.step()

    if batch % 20 == 0:
        print(f"[{batch}] D {d_loss.item():.3f} G {g_loss.item():.3f}")
