import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms


class Scans(Dataset):
    """Scanned letters, kept as byte arrays."""

    def __init__(self, pages, letters, transform):
        self.pages = pages
        self.letters = letters
        self.transform = transform

    def __len__(self):
        return len(self.pages)

    def __getitem__(self, idx):
        page = Image.fromarray(self.pages[idx])
        return self.transform(page), self.letters[idx]


class Trainer:
    def __init__(self, model, loader):
        self.model = model
        self.loader = loader
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=0.002)

    def fit(self, epochs):
        for epoch in range(epochs):
            for pages, letters in self.loader:
                self.optimizer.zero_grad()
                loss = self.loss_fn(self.model(pages), letters)
                loss.backward()
                self.optimizer.step()
            print("epoch", epoch, "loss", loss.item())


rng = np.random.default_rng(7)
pages = rng.integers(0, 256, size=(80, 30, 30), dtype=np.uint8)
letters = rng.integers(0, 5, size=80)
dataset = Scans(pages, letters, transform=transforms.Compose([transforms.Resize((15, 15)), transforms.ToTensor()]))
trainer = Trainer(
    nn.Sequential(nn.Flatten(), nn.Linear(225, 32), nn.ReLU(), nn.Linear(32, 5)),
    DataLoader(dataset, batch_size=20, shuffle=True),
)
trainer.fit(4)
