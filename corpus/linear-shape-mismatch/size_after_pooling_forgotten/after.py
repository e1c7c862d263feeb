import argparse

import torch as th
from torch import nn as nn
from torch.utils.data import DataLoader, TensorDataset


class ConvNet(nn.Module):
    def __init__(self, num_classes=3):
        super().__init__()
        self.layer1 = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=5, stride=1, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2))
        self.layer2 = nn.Sequential(
            nn.Conv2d(8, 16, kernel_size=5, stride=1, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2))
        self.fc = nn.Linear(16*4*4, num_classes)

    def forward(self, x):
        out = self.layer1(x)
        out = self.layer2(out)
        out = out.reshape(out.size(0), -1)
        out = self.fc(out)
        return out


def get_args():
    parser = argparse.ArgumentParser(description="three kinds of colour")
    parser.add_argument("--epochs", default=2, type=int)
    parser.add_argument("--batch-size", default=20, type=int)
    return parser.parse_args()


def main(args):
    th.manual_seed(0)
    labels = th.randint(3, (120,))
    images = th.rand(120, 3, 16, 16)
    images[th.arange(120), labels] += 0.5
    loader = DataLoader(TensorDataset(images, labels), batch_size=args.batch_size, shuffle=True)
    model = ConvNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = th.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(args.epochs):
        for i, (x, y) in enumerate(loader):
            outputs = model(x)
            loss = criterion(outputs, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"Epoch [{epoch + 1}/{args.epochs}], Loss: {loss.item():.4f}")


if __name__ == "__main__":
    main(get_args())
