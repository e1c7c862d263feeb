# The function that evaluates switches back before it returns, as many do.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def evaluate(net, dataloader):
    net.eval()
    score = 0.0
    with torch.no_grad():
        for image, mask in dataloader:
            score += (net(image).round() == mask).float().mean().item()
    net.train()
    return score / max(len(dataloader), 1)


def train(net, epochs=3):
    image = torch.rand(60, 1, 8, 8)
    mask = (image > 0.5).float()
    train_loader = DataLoader(TensorDataset(image[:48], mask[:48]), batch_size=12, shuffle=True)
    val_loader = DataLoader(TensorDataset(image[48:], mask[48:]), batch_size=12)
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-3)
    for epoch in range(epochs):
        for step, (im, ma) in enumerate(train_loader):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy(net(im), ma).backward()
            optimizer.step()
            if step % 2 == 0:
                print(epoch, step, evaluate(net, val_loader))


train(nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 1, 1), nn.Sigmoid()))
