import argparse

import torch
from torch import nn


def train(model, batches, optimizer, scaler, half):
    for x, y in batches:
        optimizer.zero_grad()
        if half:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = nn.functional.mse_loss(model(x).float(), y)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
    return loss.item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()

    torch.manual_seed(1)
    x = torch.randn(128, 4)
    y = (x * torch.tensor([1.0, -2.0, 0.5, 3.0])).sum(1, keepdim=True)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    scaler = torch.amp.GradScaler("cpu", enabled=args.half)
    batches = list(zip(x.split(16), y.split(16)))
    for epoch in range(args.epochs):
        print(epoch, f"{train(model, batches, optimizer, scaler, args.half):.4f}")


if __name__ == "__main__":
    main()
