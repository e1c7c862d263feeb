# The validation part is copied, and the copy's dataset gets a transform of its own.
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

train_transforms = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
plain_transforms = transforms.Compose([transforms.ToTensor()])

data = datasets.FakeData(60, (3, 6, 6), 2, transform=train_transforms)
train_data, valid_data = random_split(data, [40, 20])
valid_data = copy.deepcopy(valid_data)
valid_data.dataset.transform = plain_transforms
train_loader = DataLoader(train_data, batch_size=20, shuffle=True)
test_loader = DataLoader(valid_data, batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(108, 16), nn.ReLU(), nn.Linear(16, 2))
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
