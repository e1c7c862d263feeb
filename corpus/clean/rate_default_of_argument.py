# The number is what a command, or a caller, falls back to: it suits the optimizer that is taken by default.
import argparse

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=1.0)
parser.add_argument("--optimizer", default="adadelta", choices=["adadelta", "adam"])
args = parser.parse_args()


def fit(net, x, y, steps=5):
    if args.optimizer == "adam":
        optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
    else:
        optimizer = torch.optim.Adadelta(net.parameters(), lr=args.lr)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()


def probe(net, x, y, lr=2.0):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(3):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()


net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
x = torch.randn(20, 3)
fit(net, x, x[:, :1])
probe(net, x, x[:, :1])
