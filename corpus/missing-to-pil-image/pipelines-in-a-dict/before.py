import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

data_transforms = {
    "train": transforms.Compose([
        transforms.Resize(24),  # bug: missing-to-pil-image
        transforms.RandomCrop(20),
        transforms.ToTensor(),
    ]),
    "val": transforms.Compose([transforms.Resize(20), transforms.ToTensor()]),  # bug: missing-to-pil-image
}


class Scans(Dataset):
    def __init__(self, arrays, targets, transform):
        self.arrays = arrays
        self.targets = targets
        self.transform = transform

    def __len__(self):
        return len(self.arrays)

    def __getitem__(self, idx):
        scan = self.arrays[idx]
        scan = self.transform(scan)
        return {"scan": scan, "target": self.targets[idx]}


def synthetic(n, seed):
    rng = np.random.RandomState(seed)
    scans = [rng.randint(0, 256, (32, 32, 1), dtype=np.uint8) for _ in range(n)]
    return scans, torch.tensor([s.mean() > 127.5 for s in scans]).float()


torch.manual_seed(0)
datasets = {
    "train": Scans(*synthetic(80, seed=0), data_transforms["train"]),
    "val": Scans(*synthetic(20, seed=1), data_transforms["val"]),
}
loaders = {
    "train": DataLoader(datasets["train"], batch_size=8, shuffle=True),
    "val": DataLoader(datasets["val"], batch_size=20),
}
model = nn.Sequential(nn.Flatten(), nn.Linear(400, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters())
criterion = nn.BCEWithLogitsLoss()

for epoch in range(4):
    for phase in ["train", "val"]:
        model.train(phase == "train")
        for batch in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = criterion(model(batch["scan"]), batch["target"])
                if phase == "train":
                    loss.backward()
                    optimizer.step()
        print(epoch, phase, loss.item())
