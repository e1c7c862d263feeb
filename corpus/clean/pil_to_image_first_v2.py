# v2.ToImage turns the array into a tensor before anything else sees it; RandomPosterize takes byte tensors.
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2


class Maps(Dataset):
    def __init__(self, maps, heights):
        self.maps, self.heights = maps, heights
        self.pipeline = v2.Compose([
            v2.ToImage(),
            v2.RandomPosterize(4),
            v2.RandomCrop(16),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(mean=[0.5], std=[0.5]),
        ])

    def __len__(self):
        return len(self.maps)

    def __getitem__(self, index):
        return self.pipeline(self.maps[index]), self.heights[index]


maps = np.random.randint(0, 256, (30, 20, 20, 1), dtype=np.uint8)
heights = torch.rand(30, 1)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(256, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in DataLoader(Maps(maps, heights), batch_size=10):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
