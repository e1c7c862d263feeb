"""Linear probe on features of a fixed encoder."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loaders(n=400, width=12):
    data = torch.randn(n, width)
    target = (data[:, :3].sum(1) > 0).long()
    cut = n * 3 // 4
    return (
        DataLoader(TensorDataset(data[:cut], target[:cut]), batch_size=25, shuffle=True),
        DataLoader(TensorDataset(data[cut:], target[cut:]), batch_size=50),
    )


def train(encoder, head, loader, optimizer):
    head.train()
    for inp, target in loader:
        with torch.no_grad():
            output = encoder(inp)
        output = head(output)
        loss = nn.CrossEntropyLoss()(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate_network(val_loader, encoder, head):
    head.eval()
    losses, right, seen = 0.0, 0, 0
    with torch.no_grad():
        for inp, target in val_loader:
            with torch.no_grad():
                output = encoder(inp)
            output = head(output)
            losses += nn.CrossEntropyLoss()(output, target).item() * len(target)
            right += (output.argmax(1) == target).sum().item()
            seen += len(target)
    return losses / seen, right / seen


def main():
    torch.manual_seed(5)
    train_loader, val_loader = make_loaders()
    encoder = nn.Sequential(nn.Linear(12, 48), nn.ReLU())
    encoder.eval()
    head = nn.Sequential(nn.Dropout(0.1), nn.Linear(48, 2))
    optimizer = torch.optim.SGD(head.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(4):
        train(encoder, head, train_loader, optimizer)
        print(epoch, validate_network(val_loader, encoder, head))


if __name__ == "__main__":
    main()
