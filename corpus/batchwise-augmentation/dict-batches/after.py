import numpy as np
import torch
import torchvision.transforms
from torch.utils.data import DataLoader, Dataset

AUGMENT = torchvision.transforms.Compose([
    torchvision.transforms.RandomRotation(15),
    torchvision.transforms.ColorJitter(brightness=0.3, contrast=0.3),
])


class Pictures(Dataset):
    def __init__(self, count=160):
        rng = np.random.default_rng(11)
        self.labels = rng.integers(0, 2, count)
        self.pixels = rng.random((count, 3, 10, 10)).astype(np.float32) * 0.6
        self.pixels[self.labels == 1, 0, 2:8, 2:8] += 0.35

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return {"image": torch.from_numpy(self.pixels[index]), "label": int(self.labels[index])}


def train_one_epoch(model, loader, optimizer, loss_fn):
    total = 0.0
    for step, batch in enumerate(loader):
        images = torch.stack([AUGMENT(image) for image in batch["image"]])
        loss = loss_fn(model(images), batch["label"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / (step + 1)


def run():
    torch.manual_seed(5)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(300, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loader = DataLoader(Pictures(), batch_size=16, shuffle=True)
    for epoch in range(4):
        print(epoch, train_one_epoch(model, loader, optimizer, torch.nn.CrossEntropyLoss()))


run()
