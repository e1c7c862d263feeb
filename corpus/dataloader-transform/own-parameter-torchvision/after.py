"""Train a linear probe on random pictures."""
import argparse

import torch
import torch.nn.functional as F
import torchvision.transforms as T
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch-size", type=int, default=25)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def train(model, loader, optimizer, epoch):
    model.train()
    for step, (data, target) in enumerate(loader):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(data), target)
        loss.backward()
        optimizer.step()
        if step % 4 == 0:
            print(f"epoch {epoch} step {step}: {loss.item():.4f}")


def main():
    args = parse_args()
    torch.manual_seed(args.seed)

    augment = T.Compose([
        T.RandomHorizontalFlip(),
        T.ToTensor(),
        T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ])
    train_set = datasets.FakeData(size=200, image_size=(3, 12, 12), num_classes=5, transform=augment)
    train_loader = DataLoader(
        train_set,
        batch_size=args.batch_size,
        shuffle=True,  # a new order every epoch
    )

    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 12 * 12, 5))
    optimizer = optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        train(model, train_loader, optimizer, epoch)


if __name__ == "__main__":
    main()
