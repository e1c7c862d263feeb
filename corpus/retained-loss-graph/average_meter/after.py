import argparse

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class AverageMeter(object):
    """Computes and stores the average and current value"""

    def __init__(self, name):
        self.name = name
        self.reset()

    def reset(self):
        self.val = 0
        self.avg = 0
        self.sum = 0
        self.count = 0

    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=0.1)
    args = parser.parse_args()

    torch.manual_seed(1)
    x = torch.randn(512, 10)
    y = (x[:, 0] * x[:, 1] > 0).long()
    train_loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    model = torch.nn.Sequential(torch.nn.Linear(10, 24), torch.nn.Tanh(), torch.nn.Linear(24, 2))
    optimizer = torch.optim.SGD(model.parameters(), args.lr, momentum=0.9)

    losses = AverageMeter("Loss")
    for epoch in range(args.epochs):
        losses.reset()
        for i, (inp, target) in enumerate(train_loader):
            output = model(inp)
            loss = F.cross_entropy(output, target)
            losses.update(loss.item(), inp.size(0))

            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

            if i % 4 == 0:
                print(f"[{epoch}][{i}/{len(train_loader)}] {losses.name} {losses.val:.4f} ({losses.avg:.4f})")


if __name__ == "__main__":
    main()
