# Gradients are computed with torch.autograd.grad and assigned, so each step starts from new ones.
import torch
from torch import nn

shared = nn.Linear(4, 4)
opt = torch.optim.Adam(shared.parameters(), lr=1e-3)
for _ in range(20):
    z = shared(torch.randn(16, 4))
    losses = [z[:, 0].pow(2).mean(), (z[:, 1] - 1).pow(2).mean()]
    per_task = [torch.autograd.grad(loss, list(shared.parameters()), retain_graph=True) for loss in losses]
    for parameter, first, second in zip(shared.parameters(), *per_task):
        dot = (first * second).sum()
        if dot < 0:
            first = first - dot / second.pow(2).sum() * second
        parameter.grad = first + second
    opt.step()
