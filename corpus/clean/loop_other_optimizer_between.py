# GAN: between the generator's backward and its step the discriminator is cleared of what leaked into it.
import torch
from torch import nn

gen, disc = nn.Linear(2, 2), nn.Linear(2, 1)
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-3)
opt_d = torch.optim.Adam(disc.parameters(), lr=1e-3)
for _ in range(20):
    fake = gen(torch.randn(8, 2))
    opt_g.zero_grad()
    (-disc(fake)).mean().backward()
    opt_d.zero_grad()
    opt_g.step()
    (disc(fake.detach()).mean() - disc(torch.randn(8, 2)).mean()).backward()
    opt_d.step()
