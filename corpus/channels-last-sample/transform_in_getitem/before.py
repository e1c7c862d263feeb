import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import RandomHorizontalFlip


class Frames(Dataset):
    """Frames of a camera, as the driver hands them out: height, width, colour."""

    def __init__(self, count, transform):
        rng = np.random.default_rng(3)
        self.kinds = rng.integers(0, 3, count)
        noise = rng.normal(0, 0.2, (count, 20, 20, 3))
        self.frames = (np.eye(3)[self.kinds][:, None, None, :] + noise).astype(np.float32)
        self.transform = transform

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, i):
        frame = torch.from_numpy(self.frames[i])
        return self.transform(frame), self.kinds[i]  # bug: channels-last-sample


loader = DataLoader(Frames(240, RandomHorizontalFlip()), batch_size=24, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(8, 3),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    for frames, kinds in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(frames), kinds)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
