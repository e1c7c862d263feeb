import argparse

import torch
import torch.nn as nn
import torch.optim as optim


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        m.bias.data.fill_(0)
    elif classname.find("Linear") != -1:
        nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0)


class CNN(nn.Module):
    def __init__(self):
        super(CNN, self).__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(16 * 4 * 4, 2)

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        return self.classifier(x)


def stripes(n):
    """Stripes from left to right (0) or from top to bottom (1)."""
    wave = torch.sin(torch.arange(16.0) + 6 * torch.rand(n, 1))
    image = wave[:, None, :].expand(n, 16, 16).clone()
    label = torch.randint(0, 2, (n,))
    image[label == 0] = image[label == 0].transpose(1, 2)
    return (image + 0.3 * torch.randn(n, 16, 16)).unsqueeze(1), label


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(0)
    net = CNN()
    net.apply(weights_init)
    optimizer = optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        for _ in range(30):
            images, labels = stripes(32)
            optimizer.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
