import torch
import torch.nn as nn


def build():
    return nn.Sequential(nn.Linear(8, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1))


def train(model, x, y, lr, epochs=6):
    criterion = nn.SmoothL1Loss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=lr)  # bug: excessive-learning-rate
    for epoch in range(epochs):
        for rows in torch.randperm(len(x)).split(25):
            optimizer.zero_grad()
            loss = criterion(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


torch.manual_seed(0)
x = torch.randn(500, 8)
y = x[:, :1] * x[:, 1:2]
train(build(), x, y, lr=10, epochs=8)
