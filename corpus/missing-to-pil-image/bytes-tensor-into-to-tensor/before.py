import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset
import torchvision.transforms as transforms

NUM_CLASSES = 3


class PhotoDataset(Dataset):
    """Photos kept in memory as one big tensor of bytes."""

    def __init__(self, photos, classes, transform=None):
        assert len(photos) == len(classes)
        self.photos = photos
        self.classes = classes
        self.transform = transform

    def __len__(self):
        return len(self.photos)

    def __getitem__(self, idx):
        photo, cls = self.photos[idx], self.classes[idx]
        if self.transform:
            photo = self.transform(photo)
        return photo, cls


class Trainer(object):
    def __init__(self, model, loader, lr=0.01):
        self.model = model
        self.loader = loader
        self.optimizer = optim.SGD(model.parameters(), lr=lr)
        self.criterion = nn.CrossEntropyLoss()

    def run_epoch(self):
        self.model.train()
        losses = []
        for photos, classes in self.loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(photos), classes)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)


torch.manual_seed(0)
photos = torch.randint(0, 256, (90, 3, 20, 20), dtype=torch.uint8)
classes = torch.randint(0, NUM_CLASSES, (90,))

transform = transforms.Compose([
    transforms.RandomCrop(16),
    transforms.ToTensor(),  # bug: missing-to-pil-image
    transforms.Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
])

trainer = Trainer(
    nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, NUM_CLASSES)),
    DataLoader(PhotoDataset(photos, classes, transform), batch_size=15, shuffle=True),
)
for epoch in range(5):
    print(epoch, trainer.run_epoch())
