# The step is in a helper, which leaves it out where the gradients are not finite.
import torch
from torch import nn


def step_if_finite(optimizer, model):
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    if torch.isfinite(norm):
        optimizer.step()


def train(model, optimizer, batches):
    for x, y in batches:
        optimizer.zero_grad()
        loss = nn.functional.l1_loss(model(x), y)
        loss.backward()
        step_if_finite(optimizer, model)


model = nn.Linear(2, 2)
data = torch.randn(40, 2)
train(model, torch.optim.Adam(model.parameters()), [(part, part.flip(1)) for part in data.split(8)])
