"""Fit a small network to a curve."""
import argparse

import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import Dataset, DataLoader


class Curve(Dataset):
    """Points of a damped oscillation, from left to right."""

    def __init__(self, n):
        self.x = np.linspace(0, 6, n, dtype=np.float32)
        self.y = np.exp(-0.3 * self.x) * np.sin(3 * self.x)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return torch.tensor([self.x[i]]), torch.tensor([self.y[i]])


def train(model, loader, optimizer, device):
    model.train()
    total = 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    return total / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=25)
    parser.add_argument("--lr", type=float, default=0.01)
    args = parser.parse_args()

    device = torch.device("cpu")
    train_set = Curve(400)
    train_loader = DataLoader(train_set, batch_size=args.batch_size, num_workers=0, shuffle=True)
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1)).to(device)
    optimizer = optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        print(epoch, train(model, train_loader, optimizer, device))


if __name__ == "__main__":
    main()
