# self.optimizer is cleared in another method of the same class than the one that steps.
import torch
import torch.nn as nn


class Learner:
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(5, 10), nn.Tanh(), nn.Linear(10, 1))
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-2)

    def begin(self):
        self.net.train()
        self.optimizer.zero_grad()

    def apply(self, loss):
        loss.backward()
        self.optimizer.step()

    def fit(self, steps):
        for _ in range(steps):
            self.begin()
            x = torch.randn(20, 5)
            self.apply((self.net(x) - x.sum(1, keepdim=True)).abs().mean())


Learner().fit(30)
