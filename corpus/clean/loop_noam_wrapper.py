# A wrapper around the optimizer sets the rate and steps; the loop clears through the wrapped one.
import torch
from torch import nn


class NoamOpt:
    def __init__(self, model_size, warmup, optimizer):
        self.optimizer = optimizer
        self.warmup = warmup
        self.model_size = model_size
        self._step = 0

    def step(self):
        self._step += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.optimizer.step()

    def rate(self):
        return self.model_size**-0.5 * min(self._step**-0.5, self._step * self.warmup**-1.5)


model = nn.Linear(8, 8)
model_opt = NoamOpt(8, 10, torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98), eps=1e-9))
for i in range(20):
    x = torch.randn(5, 8)
    loss = (model(x) - x).pow(2).mean()
    loss.backward()
    model_opt.step()
    model_opt.optimizer.zero_grad()
