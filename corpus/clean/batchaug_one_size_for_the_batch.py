# Multi-scale training: the size is drawn for the batch, because a batch has one size.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import v2

rescale = v2.RandomResize(8, 14)
data = TensorDataset(torch.rand(48, 3, 12, 12), torch.randint(0, 3, (48,)))
model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in DataLoader(data, batch_size=12, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(rescale(x)), y).backward()
        optimizer.step()
