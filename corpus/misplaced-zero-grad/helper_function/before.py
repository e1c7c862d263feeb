"""Learn XOR. The update is shared by all experiments, so it lives in a function of its own."""
import torch
from torch import nn


def optimize(loss, optimizer):
    loss.backward()
    optimizer.zero_grad()  # bug: misplaced-zero-grad
    optimizer.step()


def xor_batch(n=64):
    bits = torch.randint(0, 2, (n, 2))
    return bits.float() + 0.1 * torch.randn(n, 2), (bits[:, 0] ^ bits[:, 1]).float()


def experiment(width, lr, steps=120):
    model = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 1), nn.Flatten(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.BCEWithLogitsLoss()
    for _ in range(steps):
        x, y = xor_batch()
        loss = criterion(model(x), y)
        optimize(loss, optimizer)
    return loss.item()


if __name__ == "__main__":
    print("final loss", experiment(width=8, lr=0.02))
