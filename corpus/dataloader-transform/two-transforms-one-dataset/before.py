import torch
import torch.nn as nn
import torchvision.transforms as transforms
from torch.utils.data import DataLoader, TensorDataset

# stand-in for the real images
torch.manual_seed(0)
images = torch.rand(96, 3, 40, 40)
labels = torch.randint(0, 4, (96,))
images += labels.view(-1, 1, 1, 1) / 4
dataset = TensorDataset(images, labels)

small = transforms.Resize((16, 16), antialias=True)
cropped = transforms.Compose([transforms.RandomCrop(32), transforms.Resize((16, 16), antialias=True)])

train_loader = DataLoader(dataset, batch_size=16, shuffle=True, transform=cropped)  # bug: dataloader-transform
test_loader = DataLoader(dataset, batch_size=32, transform=small)  # bug: dataloader-transform

model = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(6):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, y in test_loader:
            hits += (model(x).argmax(1) == y).sum().item()
    print(f"epoch {epoch}: {hits / len(dataset):.2%}")
