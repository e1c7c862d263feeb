import numpy as np
import torch
import torch.nn as nn
import torch.utils.data as data


class HousePrices(data.Dataset):
    def __init__(self, table, prices):
        self.table = table
        self.prices = prices

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        return self.table[index], self.prices[index]  # bug: dtype-mismatch


class Regressor(nn.Module):
    def __init__(self, width):
        super(Regressor, self).__init__()
        self.net = nn.Sequential(nn.Linear(width, 12), nn.ReLU(), nn.Linear(12, 1))

    def forward(self, rows):
        return self.net(rows).squeeze(1)


class Trainer(object):
    def __init__(self, model, dataset, batch_size=16):
        self.model = model
        self.loader = data.DataLoader(dataset, batch_size=batch_size, shuffle=True)
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

    def epoch(self):
        total = 0.0
        for rows, prices in self.loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(rows), prices)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.loader)


rng = np.random.default_rng(8)
table = rng.normal(size=(96, 4))
prices = torch.from_numpy(table @ np.array([0.5, -1.0, 2.0, 0.1])).float()

trainer = Trainer(Regressor(4), HousePrices(table, prices))
for number in range(8):
    print(number, trainer.epoch())
