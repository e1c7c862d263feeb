import numpy as np
import torch
import torch.nn as nn
import torchvision.transforms as T
from torch.utils.data import DataLoader, Dataset


class Shapes(Dataset):
    """Squares and crosses, drawn into small grey images."""

    def __init__(self, n, transform):
        self.n = n
        self.transform = transform

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        label = index % 2
        canvas = np.zeros((20, 20, 1), dtype=np.uint8)
        if label:
            canvas[5:15, 5:15] = 200
        else:
            canvas[9:11, :] = 200
            canvas[:, 9:11] = 200
        return self.transform(canvas), label


preprocess = T.Compose([
    T.ToTensor(),
    T.Resize(16, antialias=True),
    T.Normalize((0.5,), (0.5,)),
])


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(6 * 7 * 7, 2)

    def forward(self, x):
        x = self.features(x)
        return self.fc(torch.flatten(x, 1))


loader = DataLoader(Shapes(256, preprocess), batch_size=16, shuffle=True)
cnn = ConvNet()
objective = nn.CrossEntropyLoss()
optim = torch.optim.SGD(cnn.parameters(), lr=2e-3, momentum=0.5)

for epoch in range(5):
    cnn.train()
    correct = 0
    for img, lbl in loader:
        out = cnn(img)
        cost = objective(out, lbl)
        cost.backward()
        optim.step()  # bug: missing-zero-grad
        correct += (out.argmax(1) == lbl).sum().item()
    print("epoch %d: %.1f%%" % (epoch, 100 * correct / len(loader.dataset)))
