import torch
from torch import nn, optim


class Trainer:
    def __init__(self, n_features):
        self.model = nn.Sequential(nn.Linear(n_features, 20), nn.LeakyReLU(), nn.Dropout(0.1), nn.Linear(20, 2))
        self.optimizer = optim.Adam(self.model.parameters(), lr=2e-3)
        self.loss_fn = nn.L1Loss()

    def fit(self):
        x = torch.randn(128, 5)
        target = x[:, :2] * 2 + 0.1
        self.model.train()
        for epoch in range(2):
            for row in range(128):  # bug: unbatched-training
                self.optimizer.zero_grad()
                prediction = self.model(x[row : row + 1])
                error = self.loss_fn(prediction, target[row : row + 1])
                error.backward()
                self.optimizer.step()


torch.manual_seed(1)
Trainer(5).fit()
