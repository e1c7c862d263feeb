# Samples are arrays with the channels last; the loop permutes each batch.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Frames(Dataset):
    def __init__(self):
        self.frames = np.random.rand(40, 8, 8, 3).astype(np.float32)

    def __len__(self):
        return 40

    def __getitem__(self, index):
        return torch.from_numpy(self.frames[index]), index % 2


model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for frames, labels in DataLoader(Frames(), batch_size=10, shuffle=True):
    frames = frames.permute(0, 3, 1, 2).contiguous()
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(frames), labels).backward()
    optimizer.step()
