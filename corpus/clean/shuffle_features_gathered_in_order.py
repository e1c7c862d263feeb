# The same loader gathers features that are compared row by row with the labels of the dataset: the order must stay.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

classes = torch.arange(3).repeat_interleave(30)
points = torch.eye(3)[classes] + 0.2 * torch.randn(90, 3)
loader = DataLoader(TensorDataset(points, classes), batch_size=10)
encoder, head = nn.Linear(3, 4), nn.Linear(4, 3)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.1)
for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(encoder(x)), y).backward()
        optimizer.step()
    features = []
    with torch.no_grad():
        for x, _ in loader:
            features.append(encoder(x))
    print([torch.cat(features)[classes == k].mean().item() for k in range(3)])
