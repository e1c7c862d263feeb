# Semi-supervised: a labelled and an unlabelled part of different sizes, zipped but not inputs and targets.
import torch
from torch import nn

data = torch.randn(500, 10)
labels = (data[:, 0] > 0).long()
labelled, unlabelled = data[:100], data[100:]
labelled_y = labels[:100]

model = nn.Linear(10, 2)
optimizer = torch.optim.Adam(model.parameters())
for start in range(0, 100, 20):
    x, y = labelled[start : start + 20], labelled_y[start : start + 20]
    u = unlabelled[4 * start : 4 * start + 80]
    optimizer.zero_grad()
    supervised = nn.functional.cross_entropy(model(x), y)
    probabilities = model(u).softmax(dim=1)
    entropy = -(probabilities * probabilities.clamp_min(1e-6).log()).sum(dim=1).mean()
    loss = supervised + 0.1 * entropy
    loss.backward()
    optimizer.step()
