# A single pass from easy to hard samples, on purpose: there is no second epoch that could repeat the order.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

difficulty = torch.linspace(0, 2, 120)
x = torch.randn(120, 2) * (1 + difficulty[:, None])
y = (x.sum(1) > 0).float()
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for a, b in DataLoader(TensorDataset(x, y), batch_size=10):
    optimizer.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(model(a).squeeze(1), b).backward()
    optimizer.step()
