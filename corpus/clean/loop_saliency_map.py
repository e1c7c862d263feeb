# Saliency over a data set: backward in a loop, gradients read from the inputs, no optimizer steps.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3))
model.eval()
maps = []
for sample in torch.randn(10, 8):
    sample.requires_grad_()
    score = model(sample).max()
    score.backward()
    maps.append(sample.grad.abs())
