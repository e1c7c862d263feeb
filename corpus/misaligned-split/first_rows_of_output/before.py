import argparse

import torch
from torch import nn


def batches(steps, seeds, neighbours):
    """Batches of seed samples and the neighbours they were drawn with; only the seeds are to be learned."""
    weights = torch.linspace(-1, 1, 5)
    for _ in range(steps):
        x = torch.randn(seeds + neighbours, 5)
        yield x, (x @ weights).unsqueeze(1), seeds


def run(model, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    for x, y, batch_size in batches(steps, 16, 24):
        optimizer.zero_grad()
        out = model(x)
        out = out[:batch_size]
        target = y[batch_size:]  # bug: misaligned-split
        loss = criterion(out, target)
        loss.backward()
        optimizer.step()
    return loss.item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--lr", type=float, default=0.05)
    args = parser.parse_args()
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
    print(run(net, args.steps, args.lr))
