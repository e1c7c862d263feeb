# The optimizer's class comes from another module: its step() may clear, which cannot be seen from here.
import torch
from project.optim import ScheduledOptimizer

model = torch.nn.Linear(4, 1)
optimizer = ScheduledOptimizer(model, warmup=100)
for _ in range(50):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()
