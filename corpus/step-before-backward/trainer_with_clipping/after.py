import torch
import torch.nn as nn


class Trainer:
    def __init__(self, model, max_norm=1.0):
        self.model = model
        self.max_norm = max_norm
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
        self.loss_fn = nn.CrossEntropyLoss()

    def fit(self, x, y, epochs):
        for epoch in range(epochs):
            for rows in torch.randperm(len(x)).split(30):
                self.optimizer.zero_grad()
                loss = self.loss_fn(self.model(x[rows]), y[rows])
                loss.backward()
                nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
                self.optimizer.step()
            print(epoch, round(loss.item(), 3))


torch.manual_seed(2)
x = torch.randn(300, 4)
y = (x[:, 0] > x[:, 1]).long()
Trainer(nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))).fit(x, y, epochs=6)
