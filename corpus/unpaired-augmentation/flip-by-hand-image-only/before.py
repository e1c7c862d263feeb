import random

import torch
import torch.nn as nn
import torchvision.transforms.functional as TF
from torch.utils.data import DataLoader, Dataset


class LesionDataset(Dataset):
    def __init__(self, length=96, augment=True):
        g = torch.Generator().manual_seed(3)
        self.masks = torch.zeros(length, 1, 20, 20)
        for n in range(length):
            row, column = torch.randint(0, 12, (2,), generator=g).tolist()
            self.masks[n, 0, row : row + 4, column : column + 8] = 1.0
        self.scans = 0.6 * self.masks + 0.3 * torch.randn(length, 1, 20, 20, generator=g)
        self.augment = augment

    def __len__(self):
        return len(self.scans)

    def __getitem__(self, index):
        scan, mask = self.scans[index], self.masks[index]
        if self.augment:
            # scanners see patients from both sides
            if random.random() < 0.5:
                scan = TF.hflip(scan)  # bug: unpaired-augmentation
            if random.random() < 0.5:
                scan = TF.vflip(scan)
        return scan, mask


class Trainer:
    def __init__(self, model, dataset, lr=0.01):
        self.model = model
        self.loader = DataLoader(dataset, batch_size=16, shuffle=True)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss_fn = nn.BCEWithLogitsLoss()

    def train(self, epochs):
        for epoch in range(epochs):
            losses = []
            for scans, masks in self.loader:
                self.optimizer.zero_grad()
                loss = self.loss_fn(self.model(scans), masks)
                loss.backward()
                self.optimizer.step()
                losses.append(loss.item())
            print(f"epoch {epoch + 1}: {sum(losses) / len(losses):.4f}")


torch.manual_seed(0)
random.seed(0)
Trainer(nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.Conv2d(6, 1, 3, padding=1)), LesionDataset()).train(6)
