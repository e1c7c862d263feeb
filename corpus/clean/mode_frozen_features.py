# The features stay in evaluation mode on purpose, so that batch norm keeps its averages; the head is trained.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
for parameter in features.parameters():
    parameter.requires_grad = False
head = nn.Linear(8, 2)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)

images, labels = torch.rand(80, 3, 8, 8), torch.randint(0, 2, (80,))
train_loader = DataLoader(TensorDataset(images[:60], labels[:60]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(images[60:], labels[60:]), batch_size=20)
for epoch in range(3):
    features.eval()
    head.train()
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features(xb)), yb).backward()
        optimizer.step()
    head.eval()
    with torch.no_grad():
        for xb, yb in test_loader:
            print(epoch, (head(features(xb)).argmax(1) == yb).float().mean().item())
