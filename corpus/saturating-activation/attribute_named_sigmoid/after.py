import argparse

import torch
from torch import nn, optim


class MLP(nn.Module):
    def __init__(self, dim, hidden, classes):
        super(MLP, self).__init__()
        self.lin1 = nn.Linear(dim, hidden)
        self.lin2 = nn.Linear(hidden, hidden)
        self.lin3 = nn.Linear(hidden, hidden)
        self.lin4 = nn.Linear(hidden, classes)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = x.view(x.size(0), -1)
        h = self.relu(self.lin1(x))
        h = self.relu(self.lin2(h))
        h = self.relu(self.lin3(h))
        return self.lin4(h)


def make_images(n):
    """Small pictures with a bright stripe whose direction is the class."""
    labels = torch.randint(0, 2, (n,))
    images = 0.3 * torch.randn(n, 1, 8, 8)
    where = torch.randint(0, 8, (n,))
    for i, (label, at) in enumerate(zip(labels, where)):
        if label == 0:
            images[i, 0, at] += 1
        else:
            images[i, 0, :, at] += 1
    return images, labels


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()

    torch.manual_seed(0)
    images, labels = make_images(512)
    model = MLP(64, 64, 2)
    opt = optim.Adam(model.parameters(), lr=args.lr)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        for idx in torch.randperm(len(images)).chunk(16):
            loss = loss_fn(model(images[idx]), labels[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(f"epoch {epoch} loss {loss.item():.3f}")


if __name__ == "__main__":
    main()
