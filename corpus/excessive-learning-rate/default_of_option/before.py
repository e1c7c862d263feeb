import argparse

import torch
from torch import nn


def get_args():
    parser = argparse.ArgumentParser(description="two classes")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--learning-rate", type=float, default=1.0)  # bug: excessive-learning-rate
    return parser.parse_args()


def main():
    args = get_args()
    torch.manual_seed(1)
    x = torch.randn(480, 6)
    label = (x[:, :3].sum(1) > x[:, 3:].abs().sum(1) - 2).long()
    net = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=args.learning_rate)
    print(f"rate {args.learning_rate}")
    for epoch in range(args.epochs):
        for part in torch.randperm(480).split(16):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x[part]), label[part])
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
