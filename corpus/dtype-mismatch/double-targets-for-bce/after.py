import numpy as np
import torch
from torch import nn


def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start:start + size], y[start:start + size]


torch.manual_seed(9)
rng = np.random.RandomState(9)
features = torch.randn(128, 3)
spam = rng.rand(128, 1).round()
spam = torch.from_numpy(spam).float()
features = features + 2 * spam.float()

detector = nn.Sequential(nn.Linear(3, 1), nn.Sigmoid())
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(detector.parameters(), lr=0.1)
for epoch in range(5):
    for x, y in batches(features, spam, 32):
        optimizer.zero_grad()
        loss = criterion(detector(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
