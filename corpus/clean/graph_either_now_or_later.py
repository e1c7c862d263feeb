# A warm-up sums the losses and back-propagates the sum; after it each loss is back-propagated at once.
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)


def epoch(warm_up):
    collected = 0.0
    for step in range(12):
        x = torch.randn(8, 4)
        loss = nn.functional.mse_loss(net(x), x[:, :1])
        if warm_up:
            collected += loss
        else:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return collected


first = epoch(True)
first.backward()
optimizer.step()
for _ in range(3):
    epoch(False)
