import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from torchvision import models


def stripes(n):
    """Pictures with stripes that lie or stand."""
    kind = torch.randint(0, 2, (n,))
    wave = torch.sin(torch.arange(32.0) * 1.3).expand(n, 3, 32, 32)
    picture = torch.where(kind[:, None, None, None] == 1, wave, wave.transpose(2, 3))
    return TensorDataset(picture + 0.3 * torch.randn(n, 3, 32, 32), kind)


def build_model(classes):
    net = models.resnet18(weights=None)
    # a new classifier for our classes
    net.fc = nn.Sequential(
        nn.Dropout(0.2),
        nn.Linear(256, classes),  # bug: linear-shape-mismatch
    )
    return net


if __name__ == "__main__":
    torch.manual_seed(0)
    loader = DataLoader(stripes(32), batch_size=8, shuffle=True)
    net = build_model(2)
    optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    net.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        print(loss.item())
