import torch
from torch import nn
from torch.optim import AdamW
from torch.utils.data import DataLoader, Dataset


class Blobs(Dataset):
    """A bright blob in one of four corners of an RGB picture."""

    def __init__(self, count=160, seed=3):
        generator = torch.Generator().manual_seed(seed)
        self.labels = torch.randint(0, 4, (count,), generator=generator)
        self.noise = torch.rand(count, 3, 10, 10, generator=generator)

    def __len__(self):
        return 160

    def __getitem__(self, index):
        picture = self.noise[index].clone()
        label = self.labels[index]
        row, column = 5 * (label // 2), 5 * (label % 2)
        picture[:, row : row + 5, column : column + 5] += 1.0
        return picture, label


class Classifier(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 12, 3, bias=False),
            nn.BatchNorm2d(16),  # bug: channel-mismatch
            nn.ReLU(inplace=True),
        )
        self.head = nn.Linear(12 * 8 * 8, classes)

    def forward(self, batch):
        maps = self.body(batch)
        return self.head(maps.view(maps.size(0), -1))


class Trainer:
    def __init__(self, model, dataset, epochs=3):
        self.model = model
        self.loader = DataLoader(dataset, batch_size=32, shuffle=True)
        self.epochs = epochs
        self.optimizer = AdamW(model.parameters(), lr=2e-3)
        self.loss = nn.CrossEntropyLoss()

    def fit(self):
        for epoch in range(self.epochs):
            total = 0.0
            for pictures, labels in self.loader:
                self.optimizer.zero_grad()
                loss = self.loss(self.model(pictures), labels)
                loss.backward()
                self.optimizer.step()
                total += loss.item()
            print(f"epoch {epoch}: {total / len(self.loader):.3f}")


torch.manual_seed(0)
Trainer(Classifier(), Blobs()).fit()
