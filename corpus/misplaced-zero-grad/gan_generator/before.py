import torch
import torch.nn as nn

nz = 3
gen = nn.Sequential(nn.Linear(nz, 16), nn.ReLU(), nn.Linear(16, 1))
disc = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
g_opt = torch.optim.RMSprop(gen.parameters(), lr=1e-3)
d_opt = torch.optim.RMSprop(disc.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)

for epoch in range(3):
    for _ in range(25):
        real = 4 + 1.25 * torch.randn(32, 1)

        d_opt.zero_grad()
        d_loss = bce(disc(real), ones) + bce(disc(gen(torch.randn(32, nz)).detach()), zeros)
        d_loss.backward()
        d_opt.step()

        g_loss = bce(disc(gen(torch.randn(32, nz))), ones)
        g_loss.backward()
        g_opt.zero_grad()  # bug: misplaced-zero-grad
        g_opt.step()
    print(f"epoch {epoch}: d {d_loss.item():.3f} g {g_loss.item():.3f}")
