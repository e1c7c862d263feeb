# Two views of each sample go through the network at once, and each half of its output is to predict the other half of
# the target network's: the first rows against the last ones, as it should be.
import copy

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
online = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 8))
target = copy.deepcopy(online)
predictor = nn.Linear(8, 8)
optimizer = torch.optim.SGD([*online.parameters(), *predictor.parameters()], lr=0.05)

data = torch.randn(256, 12)
for step in range(40):
    x = data[torch.randint(0, 256, (32,))]
    n = x.size(0)
    views = torch.cat([x + 0.1 * torch.randn_like(x), x + 0.1 * torch.randn_like(x)])
    p = predictor(online(views))
    with torch.no_grad():
        z = F.normalize(target(views), dim=1)
    loss = F.mse_loss(p[:n], z[n:]) + F.mse_loss(p[n:], z[:n])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for ours, theirs in zip(online.parameters(), target.parameters()):
            theirs.lerp_(ours, 0.1)
print(loss.item())
