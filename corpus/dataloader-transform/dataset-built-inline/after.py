import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import FakeData

EPOCHS = 3


def get_loader(train):
    if train:
        return DataLoader(FakeData(160, (1, 14, 14), 3, transform=transforms.ToTensor()), batch_size=16, shuffle=True)
    return DataLoader(FakeData(48, (1, 14, 14), 3, transform=transforms.ToTensor()), batch_size=48)


def run():
    torch.manual_seed(7)
    net = nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 3))
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)

    for epoch in range(EPOCHS):
        for x, y in get_loader(train=True):
            opt.zero_grad()
            loss_fn(net(x), y).backward()
            opt.step()

        net.eval()
        with torch.no_grad():
            for x, y in get_loader(train=False):
                print(epoch, loss_fn(net(x), y).item())
        net.train()


run()
