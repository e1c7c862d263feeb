import random

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    def __init__(self, images, labels, train):
        self.images = images
        self.labels = labels
        self.train = train

    def __getitem__(self, idx):
        img = self.images[idx]
        # mirror every other picture
        if self.train and random.random() < 0.5:
            img = torch.flip(img, dims=[2])
        return img, self.labels[idx]

    def __len__(self):
        return len(self.images)


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 6, 3, padding=1)
        self.fc = torch.nn.Linear(6 * 10 * 10, 5)

    def forward(self, x):
        return self.fc(F.relu(self.conv(x)).flatten(1))


def train(model, loader, optimizer):
    model.train()
    for img, label in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(img), label)
        loss.backward()
        optimizer.step()


def test(model, loader):
    model.eval()
    hits = 0
    with torch.no_grad():
        for img, label in loader:
            hits += (model(img).argmax(dim=1) == label).sum().item()
    return hits / len(loader.dataset)


torch.manual_seed(0)
labels = torch.randint(0, 5, (150,))
images = 0.4 * torch.randn(150, 1, 10, 10)
for k in range(150):
    images[k, 0, 2 * labels[k], :] += 1.0

train_loader = DataLoader(Digits(images[:100], labels[:100], train=True), batch_size=25, shuffle=True)
test_loader = DataLoader(Digits(images[100:], labels[100:], train=False), batch_size=50)

model = Classifier()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(5):
    train(model, train_loader, optimizer)
    print(f"epoch {epoch}: {test(model, test_loader):.2%}")
