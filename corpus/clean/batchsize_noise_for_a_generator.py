# The generator's noise has a size of its own: it need not be that of the real batch, which may be smaller.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

batch_size = 16
loader = DataLoader(TensorDataset(torch.randn(50, 2) + 3), batch_size=batch_size, shuffle=True)
G = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
D = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3)
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3)
for epoch in range(3):
    for (real,) in loader:
        noise = torch.randn(batch_size, 4)
        fake = G(noise)
        d_loss = nn.functional.softplus(-D(real)).mean() + nn.functional.softplus(D(fake.detach())).mean()
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
        g_loss = nn.functional.softplus(-D(fake)).mean()
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
