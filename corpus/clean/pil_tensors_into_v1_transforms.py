# v1 flips, crops, Resize, ColorJitter and Normalize take tensors; there is no ToTensor in the pipeline.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Noise(Dataset):
    def __init__(self, transform):
        self.images = torch.rand(64, 3, 24, 24)
        self.labels = torch.randint(0, 3, (64,))
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.transform(self.images[index]), self.labels[index]


transform = transforms.Compose([
    transforms.RandomHorizontalFlip(),
    transforms.RandomRotation(10),
    transforms.Resize((16, 16), antialias=True),
    transforms.ColorJitter(brightness=0.2),
    transforms.RandomCrop(12),
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    transforms.RandomErasing(),
])
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 144, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in DataLoader(Noise(transform), batch_size=16):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
