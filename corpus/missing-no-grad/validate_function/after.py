import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def train(loader, model, optimizer):
    model.train()
    for x, t in loader:
        loss = F.mse_loss(model(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate(val_loader, model):
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for x, t in val_loader:
            output = model(x)

            total += F.mse_loss(output, t, reduction="sum").item()
            count += x.size(0)
    return total / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(4)
    x = torch.randn(260, 5)
    t = x.prod(dim=1, keepdim=True)
    train_loader = DataLoader(TensorDataset(x[:200], t[:200]), batch_size=25, shuffle=True)
    val_loader = DataLoader(TensorDataset(x[200:], t[200:]), batch_size=30)
    model = nn.Sequential(nn.Linear(5, 20), nn.Tanh(), nn.Dropout(0.1), nn.Linear(20, 1))
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        train(train_loader, model, optimizer)
        print(epoch, validate(val_loader, model))


if __name__ == "__main__":
    main()
