from torch import manual_seed, nn, no_grad, optim
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision import transforms as T

BATCH = 16


def loaders():
    train = T.Compose([T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
    test = T.Compose([T.Resize(22), T.CenterCrop(20), T.ToTensor()])
    train_set = datasets.FakeData(80, (3, 20, 20), 4, transform=train)
    test_set = datasets.FakeData(40, (3, 20, 20), 4, transform=test, random_offset=80)
    return DataLoader(train_set, BATCH, shuffle=True), DataLoader(test_set, BATCH)


def network():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        # 6 maps of 8 x 8
        nn.Flatten(),
        nn.Linear(6 * 8 * 8, 4),
    )


def run(epochs=3):
    train_loader, test_loader = loaders()
    net, measure = network(), nn.CrossEntropyLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.01)
    for epoch in range(epochs):
        for images, classes in train_loader:
            loss = measure(net(images), classes)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with no_grad():
            total = sum(measure(net(images), classes).item() for images, classes in test_loader)
        print(epoch, loss.item(), total / len(test_loader))


if __name__ == "__main__":
    manual_seed(0)
    run()
