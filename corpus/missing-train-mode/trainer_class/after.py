import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Regressor(nn.Module):
    def __init__(self, features: int, hidden: int = 48, p: float = 0.3) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(p))
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x)).squeeze(-1)


class Trainer:
    def __init__(self, model: nn.Module, train_set, val_set, lr: float = 5e-3) -> None:
        self.model = model
        self.train_loader = DataLoader(train_set, batch_size=40, shuffle=True)
        self.val_loader = DataLoader(val_set, batch_size=100)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
        self.loss_fn = nn.MSELoss()

    def train_epoch(self) -> float:
        self.model.train()
        total = 0.0
        for x, y in self.train_loader:
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss_fn(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def validate(self) -> float:
        self.model.eval()
        return sum(self.loss_fn(self.model(x), y).item() for x, y in self.val_loader) / len(self.val_loader)

    def fit(self, epochs: int) -> None:
        for epoch in range(epochs):
            train_loss = self.train_epoch()
            val_loss = self.validate()
            print(f"{epoch:3d}  train {train_loss:.4f}  val {val_loss:.4f}")


if __name__ == "__main__":
    x = torch.randn(500, 6)
    y = x[:, 0] * x[:, 1] + x[:, 2]
    train_set, val_set = random_split(TensorDataset(x, y), [400, 100])
    Trainer(Regressor(6), train_set, val_set).fit(5)
