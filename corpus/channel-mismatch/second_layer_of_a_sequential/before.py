"""Tell stripes from checks."""
import argparse

import torch
from torch import nn, optim


def make_data(count, size):
    ramp = torch.arange(size)
    stripes = (ramp % 2).float().expand(size, size)
    checks = ((ramp[:, None] + ramp[None, :]) % 2).float()
    labels = torch.arange(count) % 2
    pictures = torch.stack([checks if each else stripes for each in labels])[:, None]
    return pictures + 0.4 * torch.randn(count, 1, size, size), labels


def build_model():
    return nn.Sequential(
        nn.Conv2d(1, 16, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(
            in_channels=32,  # bug: channel-mismatch
            out_channels=32,
            kernel_size=3,
        ),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, 2),
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--lr", type=float, default=0.01)
    args = parser.parse_args()

    torch.manual_seed(1)
    x, y = make_data(64, 12)
    model = build_model()
    opt = optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    loss_fn = nn.CrossEntropyLoss()
    for step in range(args.steps):
        picked = torch.randperm(len(x))[:32]
        opt.zero_grad()
        loss = loss_fn(model(x[picked]), y[picked])
        loss.backward()
        opt.step()
        if step % 5 == 0:
            print(f"{step:4d} {loss.item():.4f}")


if __name__ == "__main__":
    main()
