# Mixup: each sample is mixed with another one, and so are the targets.
import torch
from torch import nn

inputs, targets = torch.randn(128, 10), torch.rand(128, 3).softmax(dim=1)
model = nn.Linear(10, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    other = torch.randperm(128)
    weight = torch.rand(())
    mixed = weight * inputs + (1 - weight) * inputs[other]
    optimizer.zero_grad()
    logits = model(mixed)
    loss = weight * nn.functional.cross_entropy(logits, targets)
    loss = loss + (1 - weight) * nn.functional.cross_entropy(logits, targets[other])
    loss.backward()
    optimizer.step()
