# What is trained are the heights of a hanging chain, in metres; nothing in the model is a layer of a network.
import torch
from torch import nn


class Chain(nn.Module):
    def __init__(self, links):
        super().__init__()
        self.ends = torch.zeros(2, 1)
        self.heights = nn.Parameter(torch.zeros(links, 1))

    def forward(self):
        line = torch.cat([self.ends[:1], self.heights, self.ends[1:]])
        return ((line[1:] - line[:-1]) ** 2).sum() * 50 + 9.81 * line.sum()


model = Chain(30)
optimizer = torch.optim.Adam(model.parameters(), lr=1)
for _ in range(50):
    energy = model()
    optimizer.zero_grad()
    energy.backward()
    optimizer.step()
