# Digits of 28 x 28 for a perceptron of 784 inputs, flattened in forward; training shuffled, the test not.
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

prepare = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
train_set = datasets.FakeData(64, (1, 28, 28), 10, transform=prepare)
test_set = datasets.FakeData(32, (1, 28, 28), 10, transform=prepare, random_offset=64)
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
test_loader = DataLoader(test_set, batch_size=16, shuffle=False)


class Perceptron(nn.Module):
    def __init__(self):
        super(Perceptron, self).__init__()
        self.hidden = nn.Linear(784, 64)
        self.bend = nn.ReLU()
        self.out = nn.Linear(64, 10)

    def forward(self, pixels):
        pixels = pixels.view(-1, 784)
        pixels = self.bend(self.hidden(pixels))
        pixels = self.out(pixels)
        return pixels


net = Perceptron()
measure = nn.CrossEntropyLoss()
adam = optim.Adam(net.parameters(), lr=0.001)
for epoch in range(2):
    for digits, names in train_loader:
        adam.zero_grad()
        measure(net(digits), names).backward()
        adam.step()
    net.eval()
    with torch.no_grad():
        print(sum(measure(net(digits), names).item() for digits, names in test_loader))
    net.train()
