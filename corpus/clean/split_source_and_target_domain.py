# Domain adaptation: slices of source and target images are paired at random and differ in length.
import torch
from torch import nn

source, source_y = torch.randn(400, 6), torch.randint(0, 3, (400,))
target = torch.randn(150, 6) + 1

features = nn.Linear(6, 8)
head = nn.Linear(8, 3)
optimizer = torch.optim.SGD([*features.parameters(), *head.parameters()], lr=0.01)
for a, b in zip(source[:300].split(50), target[:120].split(20)):
    optimizer.zero_grad()
    gap = (features(a).mean(0) - features(b).mean(0)).pow(2).sum()
    gap.backward()
    optimizer.step()

train_x, train_y = source[:300], source_y[:300]
for i in range(0, 300, 60):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(head(features(train_x[i : i + 60])), train_y[i : i + 60])
    loss.backward()
    optimizer.step()
