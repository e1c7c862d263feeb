# Manual optimization with Lightning: the step goes backward, and a hook of the module steps behind every second batch.
import lightning as L
import torch
from torch import nn


class Accumulating(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.layer = nn.Linear(4, 1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        opt = self.optimizers()
        if batch_idx % 2 == 0:
            opt.zero_grad()
        self.manual_backward(nn.functional.mse_loss(self.layer(x), y))

    def on_train_batch_end(self, outputs, batch, batch_idx):
        if batch_idx % 2 == 1:
            self.optimizers().step()

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)
