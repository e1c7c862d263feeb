import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 10, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(2))
        self.classifier = nn.Linear(40, 2)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def smoke_test(net):
    scores = net(torch.rand(2, 3, 14, 14))
    assert scores.shape == (2, 2)


def train(net, loader):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    for epoch in range(3):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(images), labels)
            loss.backward()
            optimizer.step()
        print(f"{epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    net = Net()
    smoke_test(net)
    labels = torch.randint(0, 2, (96,))
    images = torch.rand(96, 3, 14, 14) + 0.5 * labels[:, None, None, None]
    train(net, DataLoader(TensorDataset(images, labels), batch_size=16, shuffle=True))
