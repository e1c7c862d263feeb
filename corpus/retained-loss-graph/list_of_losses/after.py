import numpy as np
import torch
from torch import nn

# %% data
rng = np.random.default_rng(7)
xs = torch.tensor(rng.uniform(-2, 2, (300, 1)), dtype=torch.float32)
ys = torch.sin(2 * xs)

# %% model
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
losses = []

# %% training
for step in range(200):
    batch = torch.randint(0, 300, (32,))
    loss = ((net(xs[batch]) - ys[batch]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.item())

print("first", losses[0], "last", losses[-1])
print("mean of the last fifty", sum(losses[-50:]) / 50)
