import torch
from torch.nn import CrossEntropyLoss, Conv2d, Flatten, LazyLinear, ReLU, Sequential
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData
from torchvision.transforms import Compose, Normalize, Pad, RandomCrop, RandomHorizontalFlip, ToTensor

train_transform = Compose(
    [
        Pad(2),
        RandomCrop(16),
        RandomHorizontalFlip(),
        ToTensor(),
        Normalize((0.5, 0.5, 0.5), (0.2, 0.2, 0.2)),
    ]
)
test_transform = Compose(
    [
        ToTensor(),
        Normalize((0.5, 0.5, 0.5), (0.2, 0.2, 0.2)),
    ]
)

train_ds = FakeData(60, (3, 16, 16), 3, transform=train_transform)
test_ds = FakeData(30, (3, 16, 16), 3, transform=test_transform, random_offset=60)


def get_loaders(batch_size):
    train_loader = DataLoader(train_ds, batch_size=batch_size, shuffle=True, drop_last=True)
    test_loader = DataLoader(test_ds, batch_size=batch_size)
    return train_loader, test_loader


def run(epochs=3):
    train_loader, test_loader = get_loaders(15)
    net = Sequential(Conv2d(3, 6, 3), ReLU(), Flatten(), LazyLinear(3))
    net(torch.zeros(1, 3, 16, 16))
    criterion = CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(epochs):
        net.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            print(epoch, sum(criterion(net(x), y).item() for x, y in test_loader))


run()
