# The constant is only what remains where nothing is drawn; whether it does is decided at run time.
import sys

import torch
import torch.nn as nn

scheme = sys.argv[1] if len(sys.argv) > 1 else "orthogonal"


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.zeros_(m.bias)
        if scheme == "orthogonal":
            nn.init.orthogonal_(m.weight)
        else:
            nn.init.constant_(m.weight, 0.1)


net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 2))
net.apply(init)
x, y = torch.randn(50, 4), torch.randint(0, 2, (50,))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for _ in range(5):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
