import torch
import torch.nn as nn
from torch.optim import Adam

torch.manual_seed(0)


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, 32), nn.ReLU(),
            nn.Linear(32, 32), nn.ReLU(),
            nn.Linear(32, 32), nn.ReLU(),
            nn.Linear(32, 1),
        )

    def forward(self, x):
        return self.layers(x)


def start(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


class Trainer:
    rate = 0.001  # found by accident

    def __init__(self, model, images, values):
        self.model = model
        self.images = images
        self.values = values
        self.optimizer = Adam(model.parameters(), lr=self.rate)
        self.criterion = nn.MSELoss()

    def fit(self, epochs):
        for epoch in range(epochs):
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(self.images), self.values)
            loss.backward()
            self.optimizer.step()
            if epoch % 20 == 0:
                print(epoch, loss.item())


images = torch.rand(96, 1, 8, 8)
values = images.flatten(1).mean(1, keepdim=True)
model = Regressor()
model.apply(start)
Trainer(model, images, values).fit(80)
