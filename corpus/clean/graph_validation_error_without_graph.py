# One function gives both errors; that of the validation task is computed where no graph is recorded.
import torch
from torch import nn


def task_error(model, shift):
    inputs = torch.randn(24, 3)
    return nn.functional.mse_loss(model(inputs), inputs.sum(1, keepdim=True) + shift)


@torch.no_grad()
def validate(model):
    return task_error(model, 0.7)


model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
total, other = 0.0, 0.0
for _ in range(40):
    optimizer.zero_grad()
    error = task_error(model, 0.5)
    error.backward()
    optimizer.step()
    held_out = validate(model)
    total += held_out
    with torch.no_grad():
        again = task_error(model, 0.6)
    other += again
print(f"{total / 40:.4f} {other / 40:.4f}")
