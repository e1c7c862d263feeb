# Cleared at the end of the body, after the step: the next iteration starts clean.
import torch
from torch import nn


def train(model, data, opt):
    for x, y in data:
        nn.functional.mse_loss(model(x), y).backward()
        opt.step()
        opt.zero_grad(set_to_none=True)


model = nn.Linear(4, 1)
data = [(torch.randn(8, 4), torch.randn(8, 1)) for _ in range(20)]
train(model, data, torch.optim.Adam(model.parameters()))
