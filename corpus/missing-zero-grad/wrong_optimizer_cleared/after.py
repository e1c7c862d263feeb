import torch
from torch import nn

latent_dim, data_dim, batch_size = 4, 2, 64

G = nn.Sequential(nn.Linear(latent_dim, 32), nn.ReLU(), nn.Linear(32, data_dim))
D = nn.Sequential(nn.Linear(data_dim, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))

optimizer_G = torch.optim.Adam(G.parameters(), lr=2e-3, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.999))
adversarial_loss = nn.BCEWithLogitsLoss()

valid = torch.ones(batch_size, 1)
fake = torch.zeros(batch_size, 1)

for it in range(100):
    real = torch.randn(batch_size, data_dim) * 0.3 + torch.tensor([1.0, -1.0])

    # -----------------
    #  Train Generator
    # -----------------
    optimizer_G.zero_grad()
    z = torch.randn(batch_size, latent_dim)
    gen = G(z)
    g_loss = adversarial_loss(D(gen), valid)
    g_loss.backward()
    optimizer_G.step()

    # ---------------------
    #  Train Discriminator
    # ---------------------
    optimizer_G.zero_grad()
    real_loss = adversarial_loss(D(real), valid)
    fake_loss = adversarial_loss(D(gen.detach()), fake)
    d_loss = (real_loss + fake_loss) / 2
    optimizer_D.zero_grad()
    d_loss.backward()
    optimizer_D.step()

    if it % 25 == 0:
        print(f"[{it}] D {d_loss.item():.4f} G {g_loss.item():.4f}")
