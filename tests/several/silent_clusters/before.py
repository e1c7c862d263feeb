"""Nothing in here raises, and nothing in here learns as it should."""
import random

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __init__(self, points, labels, train=True):
        self.points = points
        self.labels = labels
        self.train = train

    def __len__(self):
        return len(self.points)

    def __getitem__(self, i):
        point = self.points[i]
        if self.train and random.random() < 0.5:
            point = point + 0.3 * torch.randn(8)
        return point, self.labels[i]


def main():
    torch.manual_seed(0)
    # four clusters, one behind the other
    centers = 3 * torch.eye(4, 8)
    points = torch.cat([center + torch.randn(40, 8) for center in centers])
    labels = torch.arange(4).repeat_interleave(40)
    new_points = torch.cat([center + torch.randn(10, 8) for center in centers])
    new_labels = torch.arange(4).repeat_interleave(10)

    train = Points(points, labels, train=True)
    valid = Points(new_points, new_labels, train=True)
    train_loader = DataLoader(train, batch_size=20)
    valid_loader = DataLoader(valid, batch_size=20)

    net = nn.Sequential(
        nn.Linear(8, 24), nn.Sigmoid(),
        nn.Linear(24, 24), nn.Sigmoid(),
        nn.Linear(24, 24), nn.Sigmoid(),
        nn.Linear(24, 4),
    )
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

    for epoch in range(8):
        net.train()
        for batch, classes in train_loader:
            # forward
            loss = loss_fn(net(batch), classes)
            # backward
            loss.backward()
            optimizer.step()

        net.eval()
        with torch.no_grad():
            right = sum((net(batch).argmax(1) == classes).sum().item() for batch, classes in valid_loader)
        print(f"epoch {epoch}: {right / len(valid):.2f}")


if __name__ == "__main__":
    main()
