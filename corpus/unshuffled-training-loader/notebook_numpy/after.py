# %%
import numpy as np
import torch as th
import torch.nn as nn
from torch.utils.data import TensorDataset
from torch.utils.data.dataloader import DataLoader

# %%
rng = np.random.RandomState(3)
species = np.repeat(np.arange(3), 50)
means = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.5, 2.0]])
flowers = means[species] + 0.3 * rng.randn(150, 4)

# %%
ds = TensorDataset(th.from_numpy(flowers).float(), th.from_numpy(species))
dl = DataLoader(ds, batch_size=15, drop_last=True, shuffle=True)

# %%
clf = nn.Linear(4, 3)
opt = th.optim.Adam(clf.parameters(), lr=1e-2)
ce = nn.CrossEntropyLoss()

# %%
history = []
for ep in range(6):
    for i, (xb, yb) in enumerate(dl):
        opt.zero_grad()
        out = clf(xb)
        l = ce(out, yb)
        l.backward()
        opt.step()
        history.append(l.item())
print(history[-1])
