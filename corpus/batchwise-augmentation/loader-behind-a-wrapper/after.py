import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import RandomAffine


class ToDevice:
    """Moves the batches of a loader to a device."""

    def __init__(self, loader, device):
        self.loader, self.device = loader, device

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        for batch in self.loader:
            yield [part.to(self.device) for part in batch]


def make_data(count=240):
    kinds = torch.randint(0, 3, (count,))
    pictures = torch.rand(count, 1, 14, 14) * 0.3
    for picture, kind in zip(pictures, kinds):
        picture[0, 2 + 4 * kind : 5 + 4 * kind, 3:11] += 0.6
    return TensorDataset(pictures, kinds)


def fit(model, train_loader, epochs):
    shift = RandomAffine(degrees=0, translate=(0.1, 0.1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for x, y in train_loader:
            x = torch.stack([shift(image) for image in x])
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"{epoch}: {total / len(train_loader):.4f}")


torch.manual_seed(0)
train_loader = ToDevice(DataLoader(make_data(), batch_size=24, shuffle=True), torch.device("cpu"))
fit(nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 3)), train_loader, epochs=4)
