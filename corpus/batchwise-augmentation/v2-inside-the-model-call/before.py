import argparse

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split, TensorDataset
from torchvision.transforms import v2


def make_data(count):
    """Four gratings that differ in their angle."""
    axis = torch.linspace(0, 6.28, 14)
    rows, columns = torch.meshgrid(axis, axis, indexing="ij")
    kinds = torch.stack([rows.sin(), columns.sin(), (rows + columns).sin(), (rows - columns).sin()])
    target = torch.randint(0, 4, (count,))
    return TensorDataset(kinds[target].unsqueeze(1) + 0.4 * torch.randn(count, 1, 14, 14), target)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=25)
    args = parser.parse_args()
    torch.manual_seed(4)

    train_set, val_set = random_split(make_data(300), [250, 50])
    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=50)

    aug = nn.Sequential(v2.RandomAffine(degrees=5, translate=(0.1, 0.1)), v2.RandomErasing(p=0.5))
    model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 4))
    opt = torch.optim.AdamW(model.parameters(), lr=3e-3)

    for epoch in range(args.epochs):
        model.train()
        for x, y in train_loader:
            opt.zero_grad()
            loss = F.cross_entropy(model(aug(x)), y)  # bug: batchwise-augmentation
            loss.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            hits = sum((model(x).argmax(1) == y).float().sum().item() for x, y in val_loader)
        print(epoch, loss.item(), hits / len(val_set))


if __name__ == "__main__":
    main()
