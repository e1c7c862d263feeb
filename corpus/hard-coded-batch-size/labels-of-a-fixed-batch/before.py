import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(5)
batch_size = 24
samples = torch.randn(128, 2) * 0.3 + torch.tensor([2.0, -1.0])
loader = DataLoader(TensorDataset(samples), batch_size=batch_size, shuffle=True)

G = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=0.001)
opt_d = torch.optim.Adam(D.parameters(), lr=0.001)

for epoch in range(4):
    for (real,) in loader:
        ones = torch.ones(batch_size, 1)  # bug: hard-coded-batch-size
        fake = G(torch.randn(len(real), 4))

        opt_d.zero_grad()
        d_real = F.binary_cross_entropy_with_logits(D(real), ones)
        d_fake = F.binary_cross_entropy_with_logits(D(fake.detach()), 0 * ones)
        (d_real + d_fake).backward()
        opt_d.step()

        opt_g.zero_grad()
        g_loss = F.binary_cross_entropy_with_logits(D(fake), ones)
        g_loss.backward()
        opt_g.step()
    print(epoch, d_real.item(), g_loss.item())
