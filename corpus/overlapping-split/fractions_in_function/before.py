import argparse

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def make_data(n):
    angle = torch.rand(n) * 6.28
    radius = 1 + 0.3 * torch.randn(n)
    points = torch.stack([radius * angle.cos(), radius * angle.sin(), radius, angle], dim=1)
    return points, (radius > 1).float().unsqueeze(1)


def make_loaders(points, labels, batch_size):
    n = len(points)
    train_set = TensorDataset(points[: int(0.8 * n)], labels[: int(0.8 * n)])
    val_set = TensorDataset(points[int(0.7 * n) :], labels[int(0.7 * n) :])  # bug: overlapping-split
    return (
        DataLoader(train_set, batch_size=batch_size, shuffle=True),
        DataLoader(val_set, batch_size=batch_size),
    )


def run(model, loader, loss_fn, optimizer=None):
    total = 0.0
    model.train(optimizer is not None)
    with torch.set_grad_enabled(optimizer is not None):
        for xb, yb in loader:
            loss = loss_fn(model(xb), yb)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item()
    return total / len(loader)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=25)
    args = parser.parse_args()
    points, labels = make_data(400)
    train_loader, val_loader = make_loaders(points, labels, args.batch_size)
    model = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 1))
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    loss_fn = nn.BCEWithLogitsLoss()
    for epoch in range(args.epochs):
        print(epoch, run(model, train_loader, loss_fn, optimizer), run(model, val_loader, loss_fn))


if __name__ == "__main__":
    main()
