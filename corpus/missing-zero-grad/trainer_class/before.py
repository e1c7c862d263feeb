import dataclasses

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


@dataclasses.dataclass
class Config:
    epochs: int = 6
    batch_size: int = 25
    lr: float = 1e-2


class Trainer:
    def __init__(self, model: nn.Module, config: Config, train_set, val_set):
        self.model = model
        self.config = config
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=config.lr)
        self.train_loader = DataLoader(train_set, batch_size=config.batch_size, shuffle=True)
        self.val_loader = DataLoader(val_set, batch_size=100)
        self.loss = None

    def train_epoch(self) -> float:
        self.model.train()
        total, seen = 0.0, 0
        for features, target in self.train_loader:
            logits = self.model(features)
            self.loss = self.criterion(logits, target)
            self.loss.backward()
            self.optimizer.step()  # bug: missing-zero-grad
            total += self.loss.item() * features.size(0)
            seen += features.size(0)
        return total / seen

    def validate(self) -> float:
        self.model.eval()
        total = 0.0
        with torch.no_grad():
            for features, target in self.val_loader:
                total += self.criterion(self.model(features), target).item()
        return total / len(self.val_loader)

    def fit(self):
        for epoch in range(self.config.epochs):
            train_loss = self.train_epoch()
            print(f"epoch={epoch} train={train_loss:.4f} val={self.validate():.4f}")


if __name__ == "__main__":
    x = torch.randn(600, 8)
    y = ((x[:, :3].sum(dim=1, keepdim=True) + 0.2 * torch.randn(600, 1)) > 0).float()
    train_set, val_set = random_split(TensorDataset(x, y), [500, 100])
    net = nn.Sequential(nn.Linear(8, 20), nn.ReLU(), nn.Dropout(0.1), nn.Linear(20, 1))
    Trainer(net, Config(), train_set, val_set).fit()
