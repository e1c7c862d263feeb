import argparse

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=240)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=0.05)
    return parser.parse_args()


def load(n):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 5)).astype(np.float32)
    w = rng.normal(size=(5, 1)).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(x @ w)


def main():
    args = parse_args()
    x, y = load(args.samples)

    n_train = int(0.75 * len(x))
    n_val = len(x) - n_train

    train_x, train_y = x[:n_train], y[:n_train]
    val_x, val_y = x[n_train:], y[n_train:]

    train_loader = DataLoader(TensorDataset(train_x, train_y), batch_size=30, shuffle=True)

    model = torch.nn.Linear(5, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        model.train()
        for bx, by in train_loader:
            optimizer.zero_grad()
            F.mse_loss(model(bx), by).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            print(epoch, F.mse_loss(model(val_x), val_y).item())


if __name__ == "__main__":
    main()
