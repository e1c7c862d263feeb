# Predictions and targets are matched before they are compared: each side has an index of its own, and the pairs that
# the two indices pick are right.
import torch
import torch.nn.functional as F
from torch import nn


def match(prediction, target):
    """For each target the nearest prediction that is still free."""
    distance = torch.cdist(prediction, target)
    picked, partners = [], []
    for column in range(target.size(0)):
        row = int(distance[:, column].argmin())
        distance[row] = float("inf")
        picked.append(row)
        partners.append(column)
    return torch.tensor(picked), torch.tensor(partners)


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 5 * 2))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
scenes = torch.randn(64, 6)
for epoch in range(3):
    for scene in scenes:
        boxes = scene.view(3, 2)
        output = net(scene).view(5, 2)
        src_idx, tgt_idx = match(output.detach(), boxes)
        loss = F.l1_loss(output[src_idx], boxes[tgt_idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
print(loss.item())
