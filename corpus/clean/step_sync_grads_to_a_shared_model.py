# The local model's gradients go to a shared one, which another process steps with.
import torch
from torch import nn


def sync_grads(local, shared):
    for mine, other in zip(local.parameters(), shared.parameters()):
        other._grad = mine.grad


def worker(shared, batches):
    local = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(local.parameters(), lr=0.1)
    for x, y in batches:
        local.load_state_dict(shared.state_dict())
        optimizer.zero_grad()
        nn.functional.mse_loss(local(x), y).backward()
        sync_grads(local, shared)


worker(nn.Linear(3, 1), [(torch.randn(4, 3), torch.randn(4, 1)) for _ in range(5)])
