# MixUp and CutMix are made for batches: they mix the samples of a batch with each other.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import v2

images, labels = torch.rand(80, 1, 8, 8), torch.randint(0, 4, (80,))
mix = v2.RandomChoice([v2.CutMix(num_classes=4), v2.MixUp(num_classes=4)])
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in DataLoader(TensorDataset(images, labels), batch_size=8, shuffle=True):
        x, y = mix(x, y)
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
