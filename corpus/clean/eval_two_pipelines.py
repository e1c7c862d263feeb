# Training and test have a pipeline each; the test one is deterministic.
from torch import nn
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

train_transform = transforms.Compose([transforms.RandomCrop(8, padding=1), transforms.ToTensor()])
test_transform = transforms.Compose([transforms.CenterCrop(8), transforms.ToTensor()])
train_set = datasets.FakeData(60, (3, 8, 8), 2, transform=train_transform)
test_set = datasets.FakeData(30, (3, 8, 8), 2, transform=test_transform)
train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
test_loader = DataLoader(test_set, batch_size=15)

model = nn.Sequential(nn.Flatten(), nn.Linear(192, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()
for epoch in range(2):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print(epoch, criterion(model(x), y).item())
