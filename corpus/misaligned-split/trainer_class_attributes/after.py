import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    def __init__(self, n_samples=180, n_train=120, batch_size=24):
        self.n_train = n_train
        self.batch_size = batch_size
        self.inputs = torch.rand(n_samples, 10)
        self.targets = self.inputs.sum(dim=1, keepdim=True)
        self.model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
        self.optimizer = optim.Adam(self.model.parameters(), lr=0.01)
        self.criterion = nn.MSELoss()

    def loaders(self):
        train = TensorDataset(
            self.inputs[: self.n_train],
            self.targets[: self.n_train],
        )
        test = TensorDataset(
            self.inputs[self.n_train :],
            self.targets[self.n_train :],
        )
        return (
            DataLoader(train, batch_size=self.batch_size, shuffle=True),
            DataLoader(test, batch_size=self.batch_size),
        )

    def fit(self, epochs):
        train_loader, test_loader = self.loaders()
        for epoch in range(epochs):
            self.model.train()
            for x, t in train_loader:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), t)
                loss.backward()
                self.optimizer.step()
            print(f"{epoch + 1:2d}  train {loss.item():.4f}  test {self.evaluate(test_loader):.4f}")

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        return sum(self.criterion(self.model(x), t).item() for x, t in loader) / len(loader)


if __name__ == "__main__":
    Trainer().fit(epochs=6)
