# ToPILImage is there: written out in one pipeline, put in front by concatenation in the other.
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

head = [transforms.ToPILImage()]
tail = [transforms.RandomAdjustSharpness(2), transforms.ToTensor()]
augment = transforms.Compose(head + tail)
plain = transforms.Compose([transforms.ToPILImage(), transforms.CenterCrop(10), transforms.Pad(1), transforms.ToTensor()])


class Crops(Dataset):
    def __init__(self, arrays, transform=None):
        self.arrays = arrays
        self.transform = transform

    def __len__(self):
        return len(self.arrays)

    def __getitem__(self, index):
        crop = self.arrays[index]
        return self.transform(crop), crop.mean(dtype=np.float32)


arrays = np.random.randint(0, 256, (24, 12, 12, 3)).astype(np.uint8)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(432, 1), torch.nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for dataset in (Crops(arrays, augment), Crops(arrays, plain)):
    for x, y in DataLoader(dataset, batch_size=6):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y / 255).backward()
        optimizer.step()
