# Callback objects clear on an event; the trainer only fires events.
import torch
from torch import nn


class Callback:
    def before_backward(self, trainer): ...

    def after_step(self, trainer): ...


class ClearGradients(Callback):
    def after_step(self, trainer):
        trainer.opt.zero_grad()


class Printer(Callback):
    def after_step(self, trainer):
        print(trainer.loss.item())


class Trainer:
    def __init__(self, model, opt, callbacks):
        self.model, self.opt, self.callbacks = model, opt, callbacks

    def fire(self, event):
        for callback in self.callbacks:
            getattr(callback, event)(self)

    def run(self, batches):
        for x, y in batches:
            self.loss = nn.functional.mse_loss(self.model(x), y)
            self.fire("before_backward")
            self.loss.backward()
            self.opt.step()
            self.fire("after_step")


model = nn.Linear(3, 1)
batches = [(torch.randn(5, 3), torch.randn(5, 1)) for _ in range(10)]
Trainer(model, torch.optim.SGD(model.parameters(), lr=0.1), [ClearGradients(), Printer()]).run(batches)
