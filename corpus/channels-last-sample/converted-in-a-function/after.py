import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData


def data_tf(x):
    x = x.resize((16, 16))
    x = np.array(x, dtype="float32") / 255
    x = (x - 0.5) / 0.5
    x = torch.from_numpy(x)
    return x.permute(2, 0, 1)


train_set = FakeData(size=96, image_size=(3, 20, 20), num_classes=4, transform=data_tf)
train_data = DataLoader(train_set, batch_size=16, shuffle=True)

net = nn.Sequential(
    nn.Conv2d(3, 8, 3, stride=2),
    nn.ReLU(True),
    nn.Conv2d(8, 16, 3, stride=2),
    nn.ReLU(True),
    nn.Flatten(),
    nn.Linear(16 * 3 * 3, 4),
)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()

for epoch in range(3):
    total = 0.0
    for im, label in train_data:
        loss = criterion(net(im), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print("epoch: {}, loss: {:.4f}".format(epoch, total / len(train_data)))
