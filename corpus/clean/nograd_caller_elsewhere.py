# Nobody in this file calls the evaluation: who does may have switched gradients off around it.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train_one_epoch(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()


def evaluate(model, test_loader):
    model.eval()
    error = 0.0
    for x, y in test_loader:
        error += nn.functional.mse_loss(model(x), y).item()
    return error / len(test_loader)


def loaders():
    x = torch.randn(90, 3)
    return DataLoader(TensorDataset(x, x.sum(1, keepdim=True)), batch_size=9, shuffle=True)


if __name__ == "__main__":
    net = nn.Linear(3, 1)
    train_one_epoch(net, loaders(), torch.optim.SGD(net.parameters(), lr=0.1))
