# The class inherits from a trainer out of sight, whose hooks may clear.
import torch
from framework import BaseTrainer


class MyTrainer(BaseTrainer):
    def setup(self):
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def run_epoch(self):
        for batch in self.loader:
            self.on_batch_start(batch)
            loss = self.compute_loss(batch)
            loss.backward()
            self.optimizer.step()
