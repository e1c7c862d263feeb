import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def train_one_epoch(net, loader, loss_fn, optimizer):
    net.train()
    total_loss, correct = 0.0, 0
    for images, labels in loader:
        logits = net(images)
        loss = loss_fn(logits, labels)

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        total_loss += images.size(0) * loss.item()
        correct += (logits.argmax(1) == labels).sum().item()
    n = len(loader.dataset)
    return total_loss / n, correct / n


def main():
    torch.manual_seed(0)
    images = torch.randn(400, 1, 8, 8)
    labels = (images.mean(dim=(1, 2, 3)) > 0).long()
    loader = DataLoader(TensorDataset(images, labels), batch_size=25, shuffle=True)
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(3):
        train_loss, accuracy = train_one_epoch(net, loader, nn.CrossEntropyLoss(), optimizer)
        print("epoch %d loss %.4f accuracy %.3f" % (epoch, train_loss, accuracy))


if __name__ == "__main__":
    main()
