"""Tell horizontal from vertical stripes; the same small pictures for training and for the test."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

torch.manual_seed(0)

labels = torch.arange(120) % 2
pictures = torch.rand(120, 1, 12, 12) * 0.4
pictures[labels == 0, :, ::3] += 0.6
pictures[labels == 1, :, :, ::3] += 0.6

# 90 pictures for training, the others for the test
train_pictures, train_labels = pictures[:90], labels[:80]
test_pictures, test_labels = pictures[90:], labels[90:]

train_pipeline = transforms.Compose([
    transforms.ToPILImage(),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
])
test_pipeline = transforms.Compose([
    transforms.ToPILImage(),
    transforms.RandomCrop(12, padding=2),
    transforms.ToTensor(),
])

train_loader = DataLoader(TensorDataset(train_pictures, train_labels), batch_size=15, shuffle=True, transform=train_pipeline)
test_loader = DataLoader(TensorDataset(test_pictures, test_labels), batch_size=15, transform=test_pipeline)

model = nn.Sequential(nn.Flatten(), nn.Linear(144, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(4):
    model.train()
    for images, targets in train_loader:
        loss = criterion(model(images), targets)
        loss.backward()
        optimizer.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for images, targets in test_loader:
            correct += (model(images).argmax(1) == targets).sum().item()
    print(f"epoch {epoch}: {correct} of {len(test_labels)}")
