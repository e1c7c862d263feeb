import argparse
from collections import OrderedDict

import torch
from torch import nn


def signals(count):
    t = torch.linspace(0, 6.28, 32)
    speed = torch.randint(1, 4, (count,))
    return torch.sin(speed[:, None] * t)[:, None] + 0.1 * torch.randn(count, 1, 32), speed - 1


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    return parser.parse_args()


def main():
    args = parse()
    torch.manual_seed(0)
    model = nn.Sequential(
        OrderedDict(
            [
                ("conv", nn.Conv1d(1, 4, 5, stride=2)),
                ("act", nn.ReLU()),
                ("out", nn.Linear(4 * 14, 3)),  # bug: missing-flatten
            ]
        )
    )
    opt = torch.optim.RMSprop(model.parameters(), lr=2e-3)
    waves, speeds = signals(90)
    for epoch in range(args.epochs):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(waves), speeds)
        loss.backward()
        opt.step()
        if epoch % 5 == 0:
            print(epoch, loss.item())


if __name__ == "__main__":
    main()
