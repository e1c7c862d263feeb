# Contrastive pre-training: two random views of each image are the sample, in validation as in training.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Views(Dataset):
    def __init__(self, images):
        self.images = images
        self.transform = transforms.Compose([transforms.RandomResizedCrop(8), transforms.RandomHorizontalFlip()])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i]
        return self.transform(image), self.transform(image)


images = torch.rand(60, 3, 12, 12)
train_loader = DataLoader(Views(images[:40]), batch_size=20, shuffle=True)
val_loader = DataLoader(Views(images[40:]), batch_size=20)
encoder = nn.Sequential(nn.Flatten(), nn.Linear(192, 16))
optimizer = torch.optim.Adam(encoder.parameters())


def nt_xent(a, b):
    logits = nn.functional.normalize(a) @ nn.functional.normalize(b).T
    return nn.functional.cross_entropy(logits / 0.5, torch.arange(len(a)))


for a, b in train_loader:
    optimizer.zero_grad()
    nt_xent(encoder(a), encoder(b)).backward()
    optimizer.step()
encoder.eval()
with torch.no_grad():
    for a, b in val_loader:
        print(nt_xent(encoder(a), encoder(b)).item())
