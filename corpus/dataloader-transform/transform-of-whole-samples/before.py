import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class ShiftLabels(object):
    """Labels counted from one become labels counted from zero."""

    def __init__(self, first=1):
        self.first = first

    def __call__(self, sample):
        features, label = sample
        return features, label - self.first


rng = np.random.RandomState(3)
features = rng.normal(size=(90, 6)).astype(np.float32)
labels = 1 + (features.sum(axis=1) > 0) + (features[:, 0] > 1)

dataset = TensorDataset(torch.from_numpy(features), torch.from_numpy(labels))
loader = DataLoader(
    dataset,
    batch_size=15,
    transform=ShiftLabels(),  # bug: dataloader-transform
    shuffle=True,
)

torch.manual_seed(3)
model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 3))
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05)
for epoch in range(8):
    for batch, target in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(batch), target)
        loss.backward()
        optimizer.step()
    print(epoch, f"{loss.item():.4f}")
