# The array becomes a tensor in a helper method before the pipeline, and the pipeline takes tensors.
import numpy as np
import torch
import torchvision.transforms as T
from torch.utils.data import DataLoader, Dataset


class Signals(Dataset):
    def __init__(self):
        self.signals = np.random.rand(40, 32, 32).astype("float32")
        self.transform = T.Compose([T.RandomHorizontalFlip(), T.GaussianBlur(3)])

    def _load(self, index):
        signal = self.signals[index]
        return torch.from_numpy(signal).unsqueeze(0)

    def __len__(self):
        return self.signals.shape[0]

    def __getitem__(self, index):
        return self.transform(self._load(index)), torch.tensor([float(index % 2)])


model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(1024, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in DataLoader(Signals(), batch_size=10):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
    optimizer.step()
