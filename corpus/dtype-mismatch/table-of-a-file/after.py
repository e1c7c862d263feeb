# %%
import io

import numpy as np
import torch
from torch import nn

# %%
rng = np.random.default_rng(1)
text = io.StringIO()
points = rng.normal(size=(200, 3))
np.savetxt(text, np.column_stack([points, points @ [1.0, -2.0, 0.5]]))
text.seek(0)

# %%
table = np.loadtxt(text)
x = torch.from_numpy(table[:, :3]).float()
y = torch.from_numpy(table[:, 3:].astype("float32"))

# %%
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
loss_fn = nn.MSELoss()
opt = torch.optim.SGD(net.parameters(), lr=0.05)

# %%
for epoch in range(30):
    opt.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    opt.step()
print(loss.item())
