"""A small engine calls the update for each batch; the loss is a sum."""

import torch
from torch import nn


class Engine:
    def __init__(self, process):
        self.process = process

    def run(self, batches, epochs):
        for _ in range(epochs):
            for batch in batches:
                self.output = getattr(self, "process")(self, batch)


def create(model, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)

    def update(engine, batch):
        x, y = batch
        optimizer.zero_grad()
        predicted = model(x)
        error = nn.functional.mse_loss(predicted, y)
        size = predicted.square().mean()
        optimizer.step()  # bug: step-before-backward
        (error + 1e-4 * size).backward()
        return error.item()

    return Engine(update)


torch.manual_seed(3)
x = torch.randn(120, 3)
y = x.sum(1, keepdim=True) + 1
trainer = create(nn.Linear(3, 1), 0.05)
trainer.run(list(zip(x.split(20), y.split(20))), 15)
print(f"{trainer.output:.4f}")
