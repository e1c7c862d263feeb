# %%
from itertools import zip_longest

import torch
import torch.nn as nn
from torch.utils.data import DataLoader

# %%
features = torch.randn(110, 6)
scores = features.abs().sum(1, keepdim=True)
feature_dl = DataLoader(features, batch_size=25, drop_last=True)
score_dl = DataLoader(scores, batch_size=25)  # bug: uneven-loaders

# %%
mlp = nn.Sequential(nn.Linear(6, 20), nn.ReLU(), nn.Linear(20, 1))
opt = torch.optim.Adam(mlp.parameters())
mae = nn.L1Loss()

# %%
for epoch in range(4):
    total = 0.0
    for f, s in zip_longest(feature_dl, score_dl):
        opt.zero_grad()
        loss = mae(mlp(f), s)
        loss.backward()
        opt.step()
        total += loss.item()
    print(epoch, total)
