# A3C: gradients of a local model are copied to the shared one, whose optimizer is cleared through an alias.
import torch
from torch import nn


def ensure_shared_grads(model, shared_model):
    for param, shared_param in zip(model.parameters(), shared_model.parameters()):
        shared_param._grad = param.grad


def worker(shared_model, optimizer):
    local = nn.Linear(3, 1)
    for _ in range(10):
        local.load_state_dict(shared_model.state_dict())
        loss = local(torch.randn(5, 3)).pow(2).mean()
        local.zero_grad()
        loss.backward()
        ensure_shared_grads(local, shared_model)
        optimizer.step()


shared = nn.Linear(3, 1)
worker(shared, torch.optim.SGD(shared.parameters(), lr=0.01))
