import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train(model, loader, optimizer, loss_fn):
    for inputs, targets in loader:
        loss = loss_fn(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def main():
    torch.manual_seed(5)
    inputs = torch.randn(320, 6)
    targets = inputs @ torch.linspace(-1, 1, 6)[:, None]
    loader = DataLoader(TensorDataset(inputs, targets), batch_size=16, shuffle=True)
    model = nn.Linear(6, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for epoch in range(5):
        print(epoch, train(model, loader, optimizer, nn.MSELoss()))


if __name__ == "__main__":
    main()
