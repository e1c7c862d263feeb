import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class SegmentationDataset(Dataset):
    """A bright blob somewhere in noise, and where it is."""

    def __init__(self, count, transform):
        rng = np.random.default_rng(0)
        self.images, self.masks = [], []
        for _ in range(count):
            mask = np.zeros((16, 16), dtype=np.uint8)
            row, column = rng.integers(0, 11, 2)
            mask[row : row + 5, column : column + 5] = 255
            noise = rng.integers(0, 120, (16, 16))
            self.images.append(Image.fromarray((mask * 0.5 + noise).astype(np.uint8)))
            self.masks.append(Image.fromarray(mask))
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        image = self.images[idx]
        mask = self.masks[idx]
        if self.transform is not None:
            random_state = torch.get_rng_state()
            image = self.transform(image)
            torch.set_rng_state(random_state)
            mask = self.transform(mask)
        return image, mask


torch.manual_seed(0)
transform = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandomVerticalFlip(), transforms.ToTensor()])
loader = DataLoader(SegmentationDataset(120, transform), batch_size=12, shuffle=True)
model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(5):
    for images, masks in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), masks)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
