import torch
from torch.optim import Adam
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def train(steps=12):
    transform = transforms.Compose([
        transforms.Resize(18),
        transforms.CenterCrop(16),
        transforms.ToTensor(),
        transforms.Lambda(lambda x: x.mul(255)),
    ])
    train_dataset = datasets.FakeData(96, (3, 20, 20), transform=transform)
    train_loader = DataLoader(train_dataset, batch_size=8)
    coder = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 3, 1))
    optimizer = Adam(coder.parameters(), 1e-3)
    for number, (x, _) in enumerate(train_loader):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(coder(x), x) / 255**2
        loss.backward()
        optimizer.step()
        if number % 4 == 0:
            print(number, loss.item())
        if number == steps:
            break


torch.manual_seed(0)
train()
