import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, transforms

torch.manual_seed(2)
digits = datasets.FakeData(150, (1, 8, 8), 10, transform=transforms.ToTensor())
train_loader = torch.utils.data.DataLoader(digits, batch_size=32, shuffle=True)


class CNN(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.conv = nn.Conv2d(1, features, kernel_size=3)
        self.fc = nn.Linear(features * 36, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).flatten(1))


def train(model, optimizer, perm):
    model.train()
    for images, labels in train_loader:
        images = images.view(-1, 8 * 8)
        images = images[:, perm]
        images = images.view(images.size(0), 1, 8, 8)

        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(loss.item())


cnn = CNN(4)
for scrambled in (torch.arange(64), torch.randperm(64)):
    train(cnn, optim.SGD(cnn.parameters(), lr=0.01), scrambled)
