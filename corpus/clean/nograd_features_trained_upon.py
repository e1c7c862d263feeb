# The encoder is in evaluation mode, but what it computes is trained upon: the graph leads back into its adapter.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(60, 4)
batches = DataLoader(TensorDataset(x, x.sum(1, keepdim=True)), batch_size=20)
encoder = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
head = nn.Linear(8, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.05)
for epoch in range(4):
    encoder.eval()
    features, targets = [], []
    for a, b in batches:
        features.append(encoder(a))
        targets.append(b)
    loss = nn.functional.mse_loss(head(torch.cat(features)), torch.cat(targets))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
