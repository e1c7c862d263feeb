# Ignite: the update function is called by an engine; it clears first.
import torch
from ignite.engine import Engine, Events

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def update(engine, batch):
    model.train()
    optimizer.zero_grad()
    x, y = batch
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


trainer = Engine(update)
trainer.add_event_handler(Events.EPOCH_COMPLETED, lambda engine: print(engine.state.output))
trainer.run([(torch.randn(4, 2), torch.randn(4, 1))], max_epochs=3)
