# ToTensor takes arrays, and everything behind it takes tensors.
import numpy as np
import torch
import torchvision.transforms as T
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    def __init__(self, n):
        rng = np.random.default_rng(0)
        self.digits = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        self.labels = rng.integers(0, 10, n)
        self.transform = T.Compose([T.ToTensor(), T.RandomAffine(5), T.Resize(20, antialias=True), T.Normalize([0.5], [0.5])])

    def __len__(self):
        return len(self.digits)

    def __getitem__(self, i):
        return self.transform(self.digits[i]), self.labels[i]


net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(400, 10))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(Digits(50), batch_size=10):
    opt.zero_grad()
    torch.nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
