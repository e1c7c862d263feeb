import argparse

import torch
import torch.nn as nn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    args = parser.parse_args()

    torch.manual_seed(0)
    x = torch.rand(100, 2)
    y = torch.linspace(0, 1, 100)
    x[:, 0] = y + 0.1 * x[:, 0]
    line = nn.Linear(2, 1)
    loss_fn = nn.SmoothL1Loss()
    optimizer = torch.optim.SGD(line.parameters(), lr=0.02)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y.unsqueeze(1)), batch_size=32, shuffle=True)
    for epoch in range(args.epochs):
        for (x_batch, y_batch) in loader:
            optimizer.zero_grad()
            loss = loss_fn(line(x_batch), y_batch)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
