import argparse

import torch
from torch.nn import Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, ReLU, Sequential
from torch.optim import SGD
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import Compose, Normalize, RandomHorizontalFlip, ToTensor

MEAN, STD = (0.49, 0.48, 0.45), (0.25, 0.24, 0.26)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="data")
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--steps", type=int, default=40)
    return parser.parse_args()


def main():
    args = parse()
    augment = Compose([RandomHorizontalFlip(), ToTensor(), Normalize(MEAN, STD)])
    plain = Compose([ToTensor(), Normalize(MEAN, STD)])
    train_set = CIFAR10(args.root, train=True, transform=augment)
    test_set = CIFAR10(args.root, train=False, transform=plain)
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=100)

    model = Sequential(Conv2d(3, 8, 5, stride=2), ReLU(), MaxPool2d(2), Flatten(), Linear(8 * 7 * 7, 10))
    criterion, optimizer = CrossEntropyLoss(), SGD(model.parameters(), lr=args.lr, momentum=0.9)
    for step, (x, y) in enumerate(train_loader):
        if step >= args.steps:
            break
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print("train loss", loss.item())

    model.eval()
    with torch.no_grad():
        x, y = next(iter(test_loader))
        print("test accuracy", (model(x).argmax(dim=1) == y).float().mean().item())


if __name__ == "__main__":
    main()
