# A trainer with an empty hook after the step: classes of other files fill it, and may clear there.
import torch
from torch import nn


class BaseTrainer:
    def __init__(self, model: nn.Module, lr: float = 1e-2) -> None:
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr)

    def on_step_end(self):
        """Called after every update."""

    def fit(self, batches):
        for x, y in batches:
            loss = nn.functional.mse_loss(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            self.on_step_end()
