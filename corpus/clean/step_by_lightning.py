# Lightning's automatic optimization steps; the module only says how to clear and how to go backward.
import pytorch_lightning as pl
import torch
from torch import nn


class Regressor(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.mse_loss(self.layer(x), y)

    def optimizer_zero_grad(self, epoch, batch_idx, optimizer):
        optimizer.zero_grad(set_to_none=True)

    def backward(self, loss):
        loss.backward()

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)
