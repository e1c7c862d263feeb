import argparse

import torch
import torch.nn as nn
import torch.optim as optim

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=500)
parser.add_argument("--lr", type=float, default=0.03)
opt = parser.parse_args()

net = nn.Sequential()
net.add_module("fc1", nn.Linear(7, 14))
net.add_module("act", nn.ELU())
net.add_module("fc2", nn.Linear(14, 2))
optimizer = optim.SGD(net.parameters(), lr=opt.lr, nesterov=True, momentum=0.9)
l2 = nn.MSELoss(reduction="mean")
A = torch.randn(7, 2)

for i in range(opt.steps):
    x = torch.randn(16, 7)
    loss = l2(net(x), x @ A)
    if torch.isnan(loss):
        print("loss is not a number, batch left out")
    else:
        loss.backward()
        optimizer.zero_grad()  # bug: misplaced-zero-grad
        optimizer.step()
    if i % 30 == 0:
        print("%4d %.5f" % (i, loss.item()))
