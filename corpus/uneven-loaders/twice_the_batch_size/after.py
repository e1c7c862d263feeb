import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader


def main(args):
    torch.manual_seed(args.seed)
    inputs = torch.randn(args.samples, 6)
    targets = inputs[:, :1] - inputs[:, 1:2]
    first = DataLoader(inputs, batch_size=args.batch_size)
    second = DataLoader(targets, batch_size=args.batch_size)
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))
    criterion = nn.SmoothL1Loss()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for x, y in zip(first, second):
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=96)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=0.01)
    main(parser.parse_args())
