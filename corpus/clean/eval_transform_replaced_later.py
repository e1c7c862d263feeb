# The test set is made like the training set and then given its own transform.
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

augmenting = transforms.Compose([transforms.RandomVerticalFlip(), transforms.ToTensor()])
train_set = datasets.FakeData(40, (3, 6, 6), 2, transform=augmenting)
test_set = datasets.FakeData(20, (3, 6, 6), 2, transform=augmenting)
test_set.transform = transforms.ToTensor()
train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
test_loader = DataLoader(test_set, batch_size=20)

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
