import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim


class Regressor:
    def __init__(self, hidden: int = 24, lr: float = 1e-3, epochs: int = 5, **kwargs):
        self.net = nn.Sequential(nn.Linear(5, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1))
        self.lr = lr
        self.epochs = epochs

    def configure(self):
        return optim.Adam(self.net.parameters(), lr=self.lr)

    def fit(self, x, y):
        optimizer = self.configure()
        for epoch in range(self.epochs):
            for rows in torch.randperm(len(x)).split(20):
                loss = F.mse_loss(self.net(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            print("epoch", epoch, "loss", loss.item())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--lr", type=float, default=3.0, help="learning rate")  # bug: excessive-learning-rate
    parser.add_argument("--epochs", type=int, default=6)
    args = parser.parse_args()
    torch.manual_seed(5)
    x = torch.randn(400, 5)
    y = (x[:, :2] * x[:, 2:4]).sum(1, keepdim=True)
    Regressor(**vars(args)).fit(x, y)
