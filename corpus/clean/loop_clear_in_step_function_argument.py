# step() takes the loss, as in some wrappers: it does the clear, the backward and the update itself.
import torch
from torch import nn


class Optim:
    def __init__(self, params, lr):
        self.inner = torch.optim.SGD(params, lr=lr)

    def step(self, loss):
        self.inner.zero_grad()
        loss.backward()
        self.inner.step()


model = nn.Linear(3, 1)
optim = Optim(model.parameters(), 0.01)
for _ in range(10):
    optim.step(model(torch.randn(4, 3)).pow(2).mean())
