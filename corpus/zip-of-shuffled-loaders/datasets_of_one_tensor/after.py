import argparse

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def rings(n):
    radius = torch.randint(1, 4, (n,))
    angle = torch.rand(n) * 6.283
    points = radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    return points + 0.1 * torch.randn(n, 2), radius - 1


def main(args):
    torch.manual_seed(args.seed)
    points, labels = rings(300)

    loader = DataLoader(TensorDataset(points, labels), batch_size=args.batch_size, shuffle=True, drop_last=True)

    net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 3))
    optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        total = 0.0
        for i, (inputs, targets) in enumerate(loader):
            logits = net(inputs)
            loss = F.cross_entropy(logits, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(epoch, total / (i + 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=30)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
