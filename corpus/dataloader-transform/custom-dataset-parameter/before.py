import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2


class Blobs(Dataset):
    """Noise with a bright corner; the corner is the class."""

    def __init__(self, count: int, transform=None):
        self.labels = torch.arange(count) % 4
        self.images = torch.rand(count, 1, 20, 20)
        for image, label in zip(self.images, self.labels):
            row, column = divmod(int(label), 2)
            image[0, row * 10:row * 10 + 10, column * 10:column * 10 + 10] += 1.0
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = self.images[index]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.labels[index]


class Trainer:
    def __init__(self, epochs: int = 5, batch_size: int = 20):
        self.epochs = epochs
        self.model = nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 4))
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=3e-3)
        self.criterion = nn.CrossEntropyLoss()

        noise = v2.Compose([v2.GaussianBlur(3), v2.Normalize(mean=[0.5], std=[0.5])])
        dataset = Blobs(160)
        self.loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, transform=noise)  # bug: dataloader-transform

    def fit(self):
        for epoch in range(self.epochs):
            total = 0.0
            for images, labels in self.loader:
                self.optimizer.zero_grad(set_to_none=True)
                loss = self.criterion(self.model(images), labels)
                loss.backward()
                self.optimizer.step()
                total += loss.item()
            print(f"[{epoch + 1}/{self.epochs}] {total / len(self.loader):.3f}")


if __name__ == "__main__":
    torch.manual_seed(3)
    Trainer().fit()
