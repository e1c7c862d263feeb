"""Small classifier on generated pictures."""
import torch
import torchvision
import torchvision.transforms as T


def make_loader(size, train):
    steps = T.Compose([
        T.Resize(20),
        T.CenterCrop(16),
        T.ToTensor(),
    ])
    pictures = torchvision.datasets.FakeData(size, (3, 24, 24), num_classes=4, transform=steps)
    return torch.utils.data.DataLoader(pictures, batch_size=16, shuffle=train)


def main():
    torch.manual_seed(5)
    loader = make_loader(96, train=True)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, stride=2),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * 7 * 7, 4),
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(3):
        for pictures, labels in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(pictures), labels)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
