import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils import data


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.01)
    return parser.parse_args()


BATCH = 24


def main():
    args = get_args()
    images = torch.rand(96, 1, 8, 8)
    digits = (images.mean(dim=(1, 2, 3)) * 10).long().clamp(0, 9)
    image_loader = data.DataLoader(images, batch_size=BATCH)
    digit_loader = data.DataLoader(digits, num_workers=0, batch_size=BATCH)
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10))
    optimizer = optim.SGD(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for step, (image, digit) in enumerate(zip(image_loader, digit_loader)):
            log_probs = F.log_softmax(net(image), dim=1)
            loss = F.nll_loss(log_probs, digit)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} loss {loss.item():.3f}")


if __name__ == "__main__":
    main()
