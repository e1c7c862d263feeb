# The graph of each loss is kept, because the sum of them is back-propagated later.
import torch
from torch import nn

net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(4):
    epoch_loss = 0.0
    for step in range(15):
        x = torch.randn(8, 4)
        loss = nn.functional.mse_loss(net(x), x[:, :1])
        loss.backward(retain_graph=True)
        epoch_loss = epoch_loss + loss
    (0.1 * epoch_loss).backward()
    optimizer.step()
    optimizer.zero_grad()
