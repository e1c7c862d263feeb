"""Tell horizontal from vertical stripes; the same small pictures for training and for the test."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision import transforms


class TransformedDataset(Dataset):
    """Applies a transform to the first element of every sample of another dataset."""

    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        sample, target = self.dataset[index]
        return self.transform(sample), target


torch.manual_seed(0)

labels = torch.arange(120) % 2
pictures = torch.rand(120, 1, 12, 12) * 0.4
pictures[labels == 0, :, ::3] += 0.6
pictures[labels == 1, :, :, ::3] += 0.6

# 90 pictures for training, the others for the test
train_pictures, train_labels = pictures[:90], labels[:90]
test_pictures, test_labels = pictures[90:], labels[90:]

train_pipeline = transforms.Compose([
    transforms.ToPILImage(),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
])
test_pipeline = transforms.Compose([
    transforms.ToPILImage(),
    transforms.CenterCrop(12),
    transforms.ToTensor(),
])

train_loader = DataLoader(TransformedDataset(TensorDataset(train_pictures, train_labels), train_pipeline), batch_size=15, shuffle=True)
test_loader = DataLoader(TransformedDataset(TensorDataset(test_pictures, test_labels), test_pipeline), batch_size=15)

model = nn.Sequential(nn.Flatten(), nn.Linear(144, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(4):
    model.train()
    for images, targets in train_loader:
        loss = criterion(model(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for images, targets in test_loader:
            correct += (model(images).argmax(1) == targets).sum().item()
    print(f"epoch {epoch}: {correct} of {len(test_labels)}")
