# A module of one number that its input is multiplied with: it is far from where it should be, and half a step is short.
import torch
from torch import nn


class Gain(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(1.0))

    def forward(self, signal):
        return self.factor * signal


torch.manual_seed(0)
signal = torch.randn(100)
gain = Gain()
optimizer = torch.optim.Adam(gain.parameters(), lr=0.5)
for _ in range(200):
    optimizer.zero_grad()
    ((gain(signal) - 80 * signal) ** 2).mean().backward()
    optimizer.step()
