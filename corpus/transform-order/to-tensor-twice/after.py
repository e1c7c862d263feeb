import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, Normalize, Resize, ToTensor


class Stripes(Dataset):
    def __init__(self, count: int = 120) -> None:
        self.angles = np.arange(count) % 2
        self.transform = Compose([
            ToTensor(),
            Resize(12, antialias=True),
            Normalize(mean=[0.5], std=[0.25]),
        ])

    def __len__(self) -> int:
        return len(self.angles)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        rows = np.indices((20, 20))[self.angles[index]]
        noise = np.random.default_rng(index).integers(0, 60, (20, 20))
        picture = ((rows % 4 < 2) * 190 + noise).astype(np.uint8)
        return self.transform(Image.fromarray(picture)), int(self.angles[index])


class Trainer:
    def __init__(self, model: nn.Module, data: Dataset, epochs: int = 4) -> None:
        self.model = model
        self.loader = DataLoader(data, batch_size=12, shuffle=True)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = optim.Adam(model.parameters(), lr=3e-3)
        self.epochs = epochs

    def fit(self) -> None:
        for epoch in range(self.epochs):
            total = 0.0
            for images, labels in self.loader:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(images), labels)
                loss.backward()
                self.optimizer.step()
                total += loss.item()
            print(f"epoch {epoch + 1}: {total / len(self.loader):.4f}")


torch.manual_seed(3)
Trainer(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(400, 2)), Stripes()).fit()
