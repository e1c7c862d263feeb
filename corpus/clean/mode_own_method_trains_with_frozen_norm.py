# Batch norm keeps its averages while the network is fine-tuned, by a method of its own: evaluation mode is meant.
import torch
from torch import nn


class Tuned(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU())
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        return self.head(self.body(x))

    def fit_batch(self, x, y, optimizer):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()


torch.manual_seed(0)
x, y = torch.randn(200, 6), torch.randint(0, 2, (200,))
net = Tuned()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(3):
    net.eval()
    for rows in torch.randperm(200).split(20):
        net.fit_batch(x[rows], y[rows], optimizer)
