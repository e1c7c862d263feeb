import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.transforms as T
from torch.utils.data import DataLoader, Dataset


class Blobs(Dataset):
    num_classes = 2

    def __init__(self, train=True, transform=None):
        gen = torch.Generator().manual_seed(3 if train else 4)
        n = 64 if train else 32
        self.y = torch.randint(0, self.num_classes, (n,), generator=gen)
        self.x = torch.rand(n, 1, 18, 18, generator=gen)
        for k in range(n):
            left = 2 + 8 * int(self.y[k])
            self.x[k, :, 4:14, left:left + 6] += 1.0
        self.transform = transform

    def __len__(self):
        return len(self.y)

    def __getitem__(self, k):
        x = self.x[k]
        if self.transform is not None:
            x = self.transform(x)
        return x, self.y[k]


class WideBlobs(Blobs):
    num_classes = 2

    def __init__(self, train=True, transform=None):
        super().__init__(train, transform)
        self.x = self.x * 2


# ----- data -----
which = sys.argv[1] if len(sys.argv) > 1 else 'blobs'
if which == 'blobs':
    dataset_class = Blobs
elif which == 'wide':
    dataset_class = WideBlobs
else:
    raise ValueError('blobs or wide')

transform_train = T.Compose([T.RandomCrop(16), T.Normalize([0.5], [0.5])])
transform_test = T.Compose([
    T.CenterCrop(16),
    T.Normalize([0.5], [0.5]),
])
trainset = dataset_class(train=True, transform=transform_train)
trainloader = DataLoader(trainset, batch_size=16, shuffle=True)
testset = dataset_class(train=False, transform=transform_test)
testloader = DataLoader(testset, batch_size=16, shuffle=False)

# ----- model -----
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(128, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


def train(epoch):
    net.train()
    for inputs, targets in trainloader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(inputs), targets)
        loss.backward()
        optimizer.step()
    print('epoch', epoch, 'train', loss.item())


def test(epoch):
    net.eval()
    correct = 0
    with torch.no_grad():
        for inputs, targets in testloader:
            correct += net(inputs).argmax(1).eq(targets).sum().item()
    print('epoch', epoch, 'test', correct / len(testset))


for epoch in range(4):
    train(epoch)
    test(epoch)
