import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(1)

train_data = datasets.MNIST(root="./data", train=True, download=True)  # bug: missing-to-tensor
train_loader = DataLoader(train_data, batch_size=64, shuffle=True)

test_data = datasets.MNIST("./data", train=False, transform=transforms.ToTensor())
test_loader = DataLoader(test_data, batch_size=256)

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)

for step, (images, labels) in enumerate(train_loader):
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    if step == 60:
        break

model.eval()
with torch.no_grad():
    images, labels = next(iter(test_loader))
    print("accuracy", (model(images).argmax(1) == labels).float().mean().item())
