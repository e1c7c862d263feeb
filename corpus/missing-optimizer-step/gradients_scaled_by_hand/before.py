"""Several tasks give gradients to one shared model; their sum is averaged before the update."""
import torch
from torch import nn

torch.manual_seed(1)
TASKS = 4
shared = nn.Linear(3, 1)
meta = torch.optim.Adam(shared.parameters(), lr=0.02)
truth = torch.tensor([[1.0], [-2.0], [0.5]])


def sample(task):
    inputs = torch.randn(16, 3)
    return inputs, inputs @ truth + 0.1 * task


for iteration in range(60):
    meta.zero_grad()
    error = 0.0
    for task in range(TASKS):
        inputs, outputs = sample(task)
        loss = nn.functional.mse_loss(shared(inputs), outputs)
        loss.backward()  # bug: missing-optimizer-step
        error += loss.item()
    for p in shared.parameters():
        p.grad.data.mul_(1.0 / TASKS)
    if iteration % 20 == 0:
        print(iteration, round(error / TASKS, 4))
