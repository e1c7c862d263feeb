import argparse

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def small(features, classes):
    net = nn.Sequential(nn.Linear(features, 16), nn.Tanh(), nn.Linear(16, classes))
    return net, torch.optim.SGD(net.parameters(), lr=0.05)


def wide(features, classes):
    net = nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, classes))
    return net, torch.optim.Adam(net.parameters(), lr=0.002)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipe", default="small")
    parser.add_argument("--epochs", type=int, default=8)
    opts = parser.parse_args()

    torch.manual_seed(0)
    centres = 2 * torch.randn(4, 10)
    y = torch.randint(0, 4, (400,))
    data = DataLoader(TensorDataset(centres[y] + torch.randn(400, 10), y), batch_size=20, shuffle=True)

    model, optimizer = globals()[opts.recipe](10, 4)
    for epoch in range(opts.epochs):
        for xb, yb in data:
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()  # bug: missing-zero-grad
        print(f"epoch {epoch}: {loss.item():.4f}")
