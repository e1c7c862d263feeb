import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
import torchvision.transforms as transforms


class SensorMaps(Dataset):
    """Standardised sensor maps: values around zero, not an image's."""

    def __init__(self, count, transform=None):
        generator = torch.Generator().manual_seed(0)
        self.maps = torch.randn(count, 2, 16, 16, generator=generator)
        self.faulty = (self.maps[:, 0].mean(dim=(1, 2)) > 0).long()
        self.transform = transform

    def __len__(self):
        return len(self.faulty)

    def __getitem__(self, idx):
        sensor_map = self.maps[idx]
        if self.transform:
            sensor_map = self.transform(sensor_map)
        return sensor_map, self.faulty[idx]


def main():
    torch.manual_seed(0)
    transform = transforms.Compose([
        transforms.RandomHorizontalFlip(),
        transforms.RandomVerticalFlip(),
    ])
    loader = DataLoader(SensorMaps(96, transform), batch_size=16, shuffle=True)
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(5):
        for maps, faulty in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(maps), faulty)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
