import torch
from torch import nn
from torch.nn import functional as F

HIDDEN = 24


class DeepRegressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, HIDDEN)
        self.middle = nn.ModuleList([nn.Linear(HIDDEN, HIDDEN) for _ in range(4)])
        self.last = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        x = F.relu(self.first(x))
        for layer in self.middle:
            x = F.relu(layer(x))
        return self.last(x)


def batches(x, y, size):
    order = torch.randperm(len(x))
    for start in range(0, len(x), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]


def train():
    torch.manual_seed(0)
    x = torch.rand(480, 6) * 2 - 1
    y = (x[:, :1] * 3).sin() + x[:, 1:2].abs()
    model = DeepRegressor()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(12):
        total = 0.0
        for xb, yb in batches(x, y, 40):
            opt.zero_grad()
            loss = F.mse_loss(model(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        print(epoch, total)


train()
