import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Regressor(nn.Module):
    def __init__(self, n_features, hidden=32):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_features, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x)


class Experiment:
    def __init__(self):
        rng = np.random.RandomState(7)
        table = rng.randn(256, 13)
        prices = table[:, :3].sum(axis=1, keepdims=True)
        self.loader = DataLoader(
            TensorDataset(torch.from_numpy(table).float(), torch.from_numpy(prices).float()),
            batch_size=32,
            shuffle=True,
        )
        self.model = Regressor(n_features=12)  # bug: linear-shape-mismatch
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-2)
        self.criterion = nn.MSELoss()

    def train_epoch(self):
        losses = []
        for rows, target in self.loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(rows), target)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)


torch.manual_seed(0)
experiment = Experiment()
for epoch in range(5):
    print(epoch, experiment.train_epoch())
