# The pixels of a picture are optimised, not a network: Adam may well move them by half their range a step.
import torch
from torch import nn

features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1)).eval()
for parameter in features.parameters():
    parameter.requires_grad_(False)
content, style = torch.rand(1, 3, 16, 16) * 255, torch.rand(1, 3, 16, 16) * 255
picture = content.clone().requires_grad_(True)
optimizer = torch.optim.Adam([picture], lr=5.0)
for _ in range(10):
    optimizer.zero_grad()
    loss = (features(picture) - features(content)).pow(2).mean() + (picture - style).pow(2).mean() * 1e-2
    loss.backward()
    optimizer.step()
