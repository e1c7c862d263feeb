# The error of a step is printed and raised again, and what a caller hands over is looked at by type: both are guards.
import torch
from torch import nn

net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)


def update(x, y):
    try:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
    except RuntimeError as error:
        print(tuple(x.shape), tuple(y.shape), error)
        raise


try:
    update(torch.randn(6, 2), torch.ones(4, 1))
except RuntimeError:
    print("the sizes are checked")

for _ in range(5):
    update(torch.randn(6, 2), torch.ones(6, 1))
