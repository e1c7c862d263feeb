# %% imports
import torch
import torch.nn as nn
from torch.nn.functional import cross_entropy

torch.manual_seed(21)

# %% data: bright and dark pictures
labels = torch.arange(60) % 2
pictures = torch.randint(0, 120, (60, 1, 12, 12), dtype=torch.uint8)  # bug: dtype-mismatch
pictures[labels == 1] += 130

# %% model
cnn = nn.Sequential(
    nn.Conv2d(1, 4, 3, padding=1),
    nn.BatchNorm2d(4),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(4, 2),
)
optimizer = torch.optim.Adam(cnn.parameters(), lr=0.01)

# %% training
for epoch in range(30):
    order = torch.randperm(60)
    for rows in order.split(20):
        optimizer.zero_grad()
        loss = cross_entropy(cnn(pictures[rows]), labels[rows])
        loss.backward()
        optimizer.step()
    if epoch % 10 == 0:
        print(epoch, loss.item())
