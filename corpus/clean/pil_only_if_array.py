# The sample is made a PIL image or a tensor under a test of its type, so the pipeline never sees an array.
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Mixed(Dataset):
    def __init__(self, items, transform):
        self.items = items
        self.transform = transform

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        image = self.items[index]
        if isinstance(image, np.ndarray):
            image = Image.fromarray(image)
        return self.transform(image)


items = [np.random.randint(0, 256, (12, 12, 3), dtype=np.uint8) for _ in range(16)]
pipeline = transforms.Compose([transforms.RandomVerticalFlip(), transforms.ToTensor()])
model = torch.nn.Conv2d(3, 3, 3, padding=1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x in DataLoader(Mixed(items, pipeline), batch_size=4):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), x).backward()
    optimizer.step()
