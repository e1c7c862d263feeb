# One step with cleared gradients, outside of any loop, so that the optimizer's state exists before it is loaded.
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters())
model(torch.zeros(1, 4)).sum().backward()
optimizer.zero_grad(set_to_none=False)
optimizer.step()
for _ in range(30):
    optimizer.zero_grad()
    model(torch.randn(8, 4)).pow(2).mean().backward()
    optimizer.step()
