# One function builds both pipelines and adds the random part for training only.
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2


def build(train):
    steps = [v2.ToImage()]
    if train:
        steps += [v2.RandomHorizontalFlip(), v2.RandomAffine(5)]
    steps.append(v2.ToDtype(torch.float32, scale=True))
    return v2.Compose(steps)


def loader(train):
    dataset = datasets.FakeData(40, (3, 8, 8), 2, transform=build(train))
    return DataLoader(dataset, batch_size=20, shuffle=train)


train_loader = loader(True)
test_loader = loader(False)

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
