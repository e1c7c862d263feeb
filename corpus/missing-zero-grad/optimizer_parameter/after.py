"""Two interleaved rings, a small MLP, and one function per phase."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_rings(n):
    label = torch.randint(0, 2, (n,))
    angle = 2 * math.pi * torch.rand(n)
    radius = 1.0 + label + 0.1 * torch.randn(n)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), label


def train(model, loader, criterion, optimizer):
    model.train()
    total = 0.0
    for points, label in loader:
        loss = criterion(model(points), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(points)
    return total / len(loader.dataset)


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    hits = sum((model(points).argmax(dim=1) == label).sum().item() for points, label in loader)
    return hits / len(loader.dataset)


def main():
    train_loader = DataLoader(TensorDataset(*make_rings(480)), batch_size=32, shuffle=True)
    test_loader = DataLoader(TensorDataset(*make_rings(160)), batch_size=160)
    model = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(1, 9):
        loss = train(model, train_loader, criterion, optimizer)
        print(f"{epoch:2d}  loss {loss:.4f}  accuracy {accuracy(model, test_loader):.3f}")


if __name__ == "__main__":
    main()
