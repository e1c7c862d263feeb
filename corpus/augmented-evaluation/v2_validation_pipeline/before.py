import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2


class TensorImages(Dataset):
    def __init__(self, images, targets, transform=None):
        self.images = images
        self.targets = targets
        self.transform = transform

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, i):
        image = self.images[i]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.targets[i]


def get_transforms(size):
    train_tf = v2.Compose(
        [
            v2.RandomResizedCrop(size, antialias=True),
            v2.RandomHorizontalFlip(0.5),
            v2.ToDtype(torch.float32, scale=True),
            v2.RandomErasing(p=0.2),
        ]
    )
    val_tf = v2.Compose(
        [
            v2.Resize(size, antialias=True),
            v2.CenterCrop(size),
            v2.RandomRotation(10),  # bug: augmented-evaluation
            v2.ToDtype(torch.float32, scale=True),
            v2.RandomErasing(p=0.2),  # as in training
        ]
    )
    return train_tf, val_tf


torch.manual_seed(3)
y = torch.randint(0, 2, (120,))
x = torch.randint(0, 128, (120, 3, 32, 32), dtype=torch.uint8) + (y * 100).to(torch.uint8).view(-1, 1, 1, 1)

train_tf, val_tf = get_transforms(24)
train_dl = DataLoader(TensorImages(x[:80], y[:80], train_tf), batch_size=16, shuffle=True)
val_dl = DataLoader(TensorImages(x[80:], y[80:], val_tf), batch_size=40)

model = nn.Sequential(nn.Conv2d(3, 4, 5, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
model(torch.zeros(1, 3, 24, 24))
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()

for epoch in range(4):
    model.train()
    for xb, yb in train_dl:
        opt.zero_grad()
        ce(model(xb), yb).backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        for xb, yb in val_dl:
            print(epoch, ce(model(xb), yb).item())
