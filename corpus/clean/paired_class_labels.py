# The target is a class, which a flip or a crop leaves what it is: this is ordinary augmentation.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Signs(Dataset):
    def __init__(self, transform, target_transform=None):
        self.images = torch.rand(64, 3, 12, 12)
        self.labels = (self.images.mean((1, 2, 3)) > 0.5).long()
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, label = self.images[index], self.labels[index]
        image = self.transform(image)
        if self.target_transform:
            label = self.target_transform(label)
        return image, label


data = Signs(T.Compose([T.RandomCrop(10), T.RandomHorizontalFlip()]), target_transform=T.Lambda(int))
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(300, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for x, y in DataLoader(data, batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
