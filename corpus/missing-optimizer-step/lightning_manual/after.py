"""Two towers in one module, each with an optimizer of its own; a stand-in plays the part of Lightning."""

import torch
import torch.nn.functional as F
from torch import nn


class LightningModule(nn.Module):
    def optimizers(self):
        return self.configured

    def manual_backward(self, loss):
        loss.backward()


class Towers(LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.left = nn.Linear(4, 1)
        self.right = nn.Linear(4, 1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        opt_left, opt_right = self.optimizers()

        left_loss = F.mse_loss(self.left(x), y)
        self.manual_backward(left_loss)
        opt_left.step()
        opt_left.zero_grad()

        right_loss = F.mse_loss(self.right(x), -y)
        self.manual_backward(right_loss)
        opt_right.step()
        opt_right.zero_grad()
        return left_loss.item() + right_loss.item()

    def configure_optimizers(self):
        left = torch.optim.SGD(self.left.parameters(), lr=0.05)
        right = torch.optim.SGD(self.right.parameters(), lr=0.05)
        return left, right


def fit(module, batches, epochs):
    module.configured = module.configure_optimizers()
    step = getattr(module, "training_step")
    for epoch in range(epochs):
        losses = [step(batch, i) for i, batch in enumerate(batches)]
        print(epoch, f"{sum(losses) / len(losses):.4f}")


torch.manual_seed(0)
x = torch.randn(160, 4)
y = x.sum(1, keepdim=True)
fit(Towers(), list(zip(x.split(16), y.split(16))), 8)
