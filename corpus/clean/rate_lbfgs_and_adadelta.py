# LBFGS takes whole steps, and Adadelta's rate is 1 by default: both scale their steps themselves.
import torch
import torch.nn as nn

x = torch.randn(50, 3)
y = x.prod(dim=1, keepdim=True)

net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
lbfgs = torch.optim.LBFGS(net.parameters(), lr=1.0)


def closure():
    lbfgs.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    return loss


for _ in range(5):
    lbfgs.step(closure)

net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
adadelta = torch.optim.Adadelta(net.parameters(), lr=1.0)
for _ in range(5):
    adadelta.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    adadelta.step()
