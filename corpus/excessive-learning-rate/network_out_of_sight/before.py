# %%
import importlib

import torch
import torch.nn.functional as F
from torch.optim import AdamW
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)

# %% three kinds of measurements, partly mixed up
kind = torch.arange(600) % 3
X = torch.randn(600, 12) + torch.eye(12)[kind * 4] * 2
loader = DataLoader(TensorDataset(X, kind), batch_size=20, shuffle=True)

# %%
layers = importlib.import_module("torch.nn")
KindNet = layers.Sequential
net = KindNet(layers.Linear(12, 48), layers.Tanh(), layers.Linear(48, 48), layers.Tanh(), layers.Linear(48, 3))
opt = AdamW(net.parameters(), lr=3.0, weight_decay=1e-4)  # bug: excessive-learning-rate

# %%
for epoch in range(3):
    for xb, yb in loader:
        opt.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
    print(f"{epoch}: {loss:.3f}")
