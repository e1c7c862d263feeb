import numpy as np
import torch
import torch.nn as nn
from PIL import Image
from torch.utils.data import DataLoader, Dataset, random_split


class ImageList(Dataset):
    def __init__(self, images, labels, transform=None):
        self.images = images
        self.labels = labels
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i]
        image = Image.fromarray(image).convert("L")
        if self.transform is not None:
            image = self.transform(image)
        return image, self.labels[i]


def accuracy(net, loader):
    net.eval()
    hits = total = 0
    with torch.no_grad():
        for image, label in loader:
            hits += (net(image).argmax(1) == label).sum().item()
            total += len(label)
    net.train()
    return hits / total


np.random.seed(3)
torch.manual_seed(3)
labels = np.random.randint(0, 2, size=150)
images = np.random.randint(0, 128, size=(150, 10, 10, 3)).astype(np.uint8)
images[labels == 1] += 100

dataset = ImageList(images, labels)  # bug: missing-to-tensor
train_part, test_part = random_split(dataset, [120, 30])
train_loader = DataLoader(train_part, batch_size=30, shuffle=True)
test_loader = DataLoader(test_part, batch_size=30)

net = nn.Sequential(nn.Flatten(), nn.Linear(100, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(6):
    for image, label in train_loader:
        loss = nn.functional.cross_entropy(net(image), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, accuracy(net, test_loader))
