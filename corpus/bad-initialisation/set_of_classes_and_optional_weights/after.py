"""A small classifier of curves; `--weights` goes on from an earlier run."""
import argparse

import torch
from torch import nn


class Curves(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(12, 24, 5, padding=2), nn.ReLU(), nn.AdaptiveMaxPool1d(1),
        )
        self.head = nn.Linear(24, classes)
        self._init_weights()

    def _init_weights(self):
        weighted = {nn.Conv1d, nn.Linear}
        for m in self.modules():
            if type(m) in weighted:
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.head(self.body(x).flatten(1))


def restore(model, path):
    model.load_state_dict(torch.load(path, map_location="cpu"))


def build(args):
    model = Curves()
    if args.weights:
        restore(model, args.weights)
    return model


def curves(count):
    time = torch.linspace(0, 6.28, 48)
    kinds = torch.arange(count) % 3
    waves = torch.stack([torch.sin(3 * time), torch.sin(5 * time), torch.sign(torch.sin(3 * time))])
    return (waves[kinds] + 0.4 * torch.randn(count, 48)).unsqueeze(1), kinds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", default="")
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()

    torch.manual_seed(0)
    x, y = curves(360)
    model = build(args)
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        for rows in torch.randperm(len(x)).split(36):
            opt.zero_grad()
            loss = loss_fn(model(x[rows]), y[rows])
            loss.backward()
            opt.step()
        print(epoch, round(loss.item(), 3))


if __name__ == "__main__":
    main()
