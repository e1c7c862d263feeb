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
        loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, target), batch_size=32, shuffle=True)
        for epoch in range(2):
            for (x_batch, target_batch) in loader:
                self.optimizer.zero_grad()
                prediction = self.model(x_batch)
                error = self.loss_fn(prediction, target_batch)
                error.backward()
                self.optimizer.step()


torch.manual_seed(1)
Trainer(5).fit()
