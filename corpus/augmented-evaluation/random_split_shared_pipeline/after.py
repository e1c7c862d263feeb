from torch import manual_seed, nn, no_grad, optim
from torch.utils.data import DataLoader, Subset, random_split
from torchvision import datasets, transforms

manual_seed(42)

augmentation = transforms.Compose([
    transforms.RandomHorizontalFlip(),
    transforms.RandomRotation(15),
    transforms.ToTensor(),
])
eval_transform = transforms.Compose([
    transforms.ToTensor(),
])
full = datasets.FakeData(size=80, image_size=(3, 16, 16), num_classes=2, transform=augmentation)
train_part, valid_part = random_split(full, [60, 20])
valid_part = Subset(datasets.FakeData(size=80, image_size=(3, 16, 16), num_classes=2, transform=eval_transform), valid_part.indices)

train_loader = DataLoader(train_part, batch_size=15, shuffle=True)
valid_loader = DataLoader(valid_part, batch_size=20)

network = nn.Sequential(nn.Flatten(), nn.Linear(768, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(network.parameters(), lr=0.02)

for epoch in range(3):
    network.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(network(images), labels)
        loss.backward()
        optimizer.step()

    network.eval()
    with no_grad():
        for images, labels in valid_loader:
            print(epoch, criterion(network(images), labels).item())
