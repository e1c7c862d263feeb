import argparse

import torch
import torchvision
import torchvision.transforms as T
from torch.utils.data import DataLoader


def build_model(classes):
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, stride=2),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(4),
        torch.nn.Flatten(),
        torch.nn.Linear(128, classes),
    )


def evaluate(model, loader, device):
    model.eval()
    loss_sum = 0.0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images.to(device))
            loss_sum += torch.nn.functional.cross_entropy(logits, labels.to(device), reduction="sum").item()
    return loss_sum / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser(description="toy image classifier")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()

    transform = T.Compose([
        T.RandomCrop(24, padding=3),
        T.RandomHorizontalFlip(p=0.5),
        T.ToTensor(),
        T.Normalize((0.5,) * 3, (0.5,) * 3),
    ])
    eval_transform = T.Compose([
        T.CenterCrop(24),
        T.ToTensor(),
        T.Normalize((0.5,) * 3, (0.5,) * 3),
    ])
    train_set = torchvision.datasets.FakeData(64, (3, 24, 24), num_classes=4, transform=transform)
    test_set = torchvision.datasets.FakeData(32, (3, 24, 24), num_classes=4, transform=eval_transform, random_offset=64)

    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=args.batch_size)

    model = build_model(4).to(args.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for epoch in range(args.epochs):
        model.train()
        for images, labels in train_loader:
            images, labels = images.to(args.device), labels.to(args.device)
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: test loss {evaluate(model, test_loader, args.device):.4f}")


if __name__ == "__main__":
    main()
