import numpy as np
import torch
import torch.nn as nn


def get_data(seed=0, n=300):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, size=(n, 1)).astype(np.float32)
    y = np.sin(x) + 0.1 * rng.standard_normal((n, 1)).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(y)


def update(loss, opt, sched=None):
    """One update of the weights."""
    loss.backward()
    opt.step()  # bug: missing-zero-grad
    if sched is not None:
        sched.step()


def fit(model, x, y, n_steps=150, bs=30):
    opt = torch.optim.SGD(model.parameters(), lr=0.05)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.995)
    losses = []
    for _ in range(n_steps):
        pick = torch.randperm(len(x))[:bs]
        loss = nn.functional.mse_loss(model(x[pick]), y[pick])
        update(loss, opt, sched)
        losses.append(loss.item())
    return losses


losses = fit(nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1)), *get_data())
print("first", losses[0], "last", losses[-1])
