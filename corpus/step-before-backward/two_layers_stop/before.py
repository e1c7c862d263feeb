import argparse

import torch
from torch import nn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iters", type=int, default=60)
    args = parser.parse_args()

    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(3, 12), nn.Tanh(), nn.Linear(12, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for i in range(args.iters):
        x = torch.randn(32, 3)
        loss = nn.functional.mse_loss(net(x), x.prod(dim=1, keepdim=True))
        # update the weights
        optimizer.step()  # bug: step-before-backward
        optimizer.zero_grad()
        loss.backward()
        if i % 20 == 0:
            print(i, loss.item())


if __name__ == "__main__":
    main()
