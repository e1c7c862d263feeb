import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset as TDS


def splits(images, classes):
    total = len(images)
    train_end = int(total * 0.7)
    val_end = int(total * 0.85)
    return {
        "train": TDS(images[:train_end], classes[:train_end]),
        "val": TDS(images[train_end:val_end], classes[train_end:val_end]),
        "test": TDS(images[val_end:], classes[train_end:]),  # bug: misaligned-split
    }


torch.manual_seed(0)
classes = torch.arange(200) % 4
images = torch.randn(200, 1, 8, 8) * 0.5 + classes.view(-1, 1, 1, 1)

parts = splits(images, classes)
loaders = {name: DataLoader(part, batch_size=20, shuffle=name == "train") for name, part in parts.items()}

cnn = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 4))
optimizer = torch.optim.Adam(cnn.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(4):
    for phase in ("train", "val"):
        cnn.train(phase == "train")
        for batch, cls in loaders[phase]:
            with torch.set_grad_enabled(phase == "train"):
                loss = criterion(cnn(batch), cls)
            if phase == "train":
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        print(epoch, phase, loss.item())
