import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader
from torchvision.transforms import transforms

BATCH = 10


class NumpyImages(Dataset):
    def __init__(self, X, y, transforms=None):
        self.X = X
        self.y = y
        self.transforms = transforms

    def __len__(self):
        return self.X.shape[0]

    def __getitem__(self, idx):
        img = self.X[idx, :, :, :]
        if self.transforms is not None:
            img = self.transforms(img)
        return img, self.y[idx]


def get_data():
    X = np.random.rand(100, 18, 18, 3).astype(np.float32)
    y = (X.mean(axis=(1, 2, 3)) * 20).astype(np.int64) % 2
    return X, y


np.random.seed(4)
torch.manual_seed(4)
X, y = get_data()
train_ds = NumpyImages(X[:80], y[:80], transforms=transforms.Compose([
    transforms.RandomResizedCrop(16, scale=(0.8, 1.0)),  # bug: missing-to-pil-image
    transforms.ToTensor(),
]))
train_dl = DataLoader(train_ds, BATCH, shuffle=True)

net = nn.Sequential(nn.Flatten(), nn.Linear(16 * 16 * 3, 2))
optim = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(5):
    for xb, yb in train_dl:
        loss = nn.functional.cross_entropy(net(xb), yb)
        loss.backward()
        optim.step()
        optim.zero_grad()
    print(f"epoch {epoch}  loss {loss.item():.3f}")
