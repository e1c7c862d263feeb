# Stochastic gradient descent in the old sense, one sample a step, is what the program compares with full batches.
import torch
from torch import nn

torch.manual_seed(0)
X = torch.randn(128, 2)
y = X @ torch.tensor([[2.0], [-1.0]]) + 0.1


def full_batch(model, optimizer):
    loss = nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


# stochastic gradient descent: every sample is a step of its own
def stochastic(model, optimizer):
    for i in range(len(X)):
        loss = nn.functional.mse_loss(model(X[i]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


for way in (full_batch, stochastic):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for epoch in range(3):
        way(model, optimizer)
    print(way.__name__, nn.functional.mse_loss(model(X), y).item())
