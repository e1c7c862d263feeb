import io

import numpy as np
import torch
from torch import nn

draw = np.random.RandomState(0)
text = "\n".join(f"{a:.3f},{b:.3f},{3 * a - b + c:.3f}" for a, b, c in draw.randn(96, 3))
table = np.loadtxt(io.StringIO(text), delimiter=",")

torch.manual_seed(0)
net = nn.Linear(2, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)

for epoch in range(30):
    x = torch.from_numpy(table[:, :2]).float()
    y = torch.from_numpy(table[:, 2:]).float()
    for i in range(x.shape[0]):  # bug: unbatched-training
        row, wanted = x[i], y[i]
        out = net(row)
        loss = criterion(out, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
