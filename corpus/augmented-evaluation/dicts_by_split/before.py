import os
import tempfile

import numpy as np
import torch
import torch.nn as nn
from PIL import Image
from torchvision import datasets, transforms

# two kinds of pictures, in folders as ImageFolder wants them
root = tempfile.mkdtemp()
rng = np.random.default_rng(0)
for split, count in (("train", 24), ("val", 12)):
    for number, kind in enumerate(("dark", "light")):
        os.makedirs(os.path.join(root, split, kind))
        for index in range(count):
            pixels = rng.integers(0, 150, (24, 24, 3), dtype=np.uint8) + 60 * number
            pixels[:, 12:] //= 2
            Image.fromarray(pixels.astype(np.uint8)).save(os.path.join(root, split, kind, f"{index}.png"))

data_transforms = {
    "train": transforms.Compose([
        transforms.RandomResizedCrop(16),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
    ]),
    "val": transforms.Compose([
        transforms.RandomResizedCrop(16),  # bug: augmented-evaluation
        transforms.ToTensor(),
    ]),
}
image_datasets = {x: datasets.ImageFolder(os.path.join(root, x), data_transforms[x]) for x in ["train", "val"]}
dataloaders = {
    x: torch.utils.data.DataLoader(image_datasets[x], batch_size=8, shuffle=True) for x in ["train", "val"]
}
dataset_sizes = {x: len(image_datasets[x]) for x in ["train", "val"]}

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(24, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for epoch in range(4):
    model.train()
    for inputs, labels in dataloaders["train"]:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    correct = 0
    with torch.no_grad():
        for inputs, labels in dataloaders["val"]:
            correct += (model(inputs).argmax(1) == labels).sum().item()
    print(epoch, loss.item(), correct / dataset_sizes["val"])
