import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms


def train(model, loader, optimizer):
    model.train()
    for data, target in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(data), target)
        loss.backward()
        optimizer.step()


def test(model, test_loader):
    model.eval()
    test_loss, correct = 0.0, 0
    with torch.no_grad():
        for data, target in test_loader:
            data = transforms.RandomVerticalFlip()(data)  # bug: augmented-evaluation
            output = model(data)
            test_loss += F.cross_entropy(output, target, reduction="sum").item()
            correct += (output.argmax(dim=1) == target).sum().item()
    size = len(test_loader.dataset)
    print(f"test: loss {test_loss / size:.4f}, {correct}/{size} right")


def main():
    torch.manual_seed(1)
    labels = torch.randint(0, 2, (200,))
    pictures = torch.randn(200, 1, 10, 10) * 0.5
    pictures[labels == 1, :, :5] += 0.7
    train_set = TensorDataset(pictures[:150], labels[:150])
    test_set = TensorDataset(pictures[150:], labels[150:])
    model = nn.Sequential(nn.Flatten(), nn.Linear(100, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = optim.SGD(model.parameters(), lr=0.05)
    for _ in range(4):
        train(model, DataLoader(train_set, batch_size=25, shuffle=True), optimizer)
        test(model, DataLoader(test_set, batch_size=10))


main()
