"""Manual optimization; a stand-in plays the part of Lightning."""

import torch
import torch.nn.functional as F
from torch import nn


class LightningModule(nn.Module):
    def optimizers(self):
        return self.configured

    def manual_backward(self, loss):
        loss.backward()


class Regressor(LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.layer = nn.Linear(3, 1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        opt = self.optimizers()
        loss = F.mse_loss(self.layer(x), y)
        self.manual_backward(loss)
        opt.step()
        opt.zero_grad()
        return loss.item()

    def configure_optimizers(self):
        return torch.optim.SGD(self.layer.parameters(), lr=0.1)


def fit(module, batches, epochs):
    module.configured = module.configure_optimizers()
    step = getattr(module, "training_step")
    for epoch in range(epochs):
        losses = [step(batch, i) for i, batch in enumerate(batches)]
        print(epoch, f"{sum(losses) / len(losses):.4f}")


torch.manual_seed(0)
x = torch.randn(160, 3)
y = x.sum(1, keepdim=True)
fit(Regressor(), list(zip(x.split(16), y.split(16))), 8)
