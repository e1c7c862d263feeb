# The clear is a functools.partial in a list of hooks that the loop calls.
import functools

import torch
from torch import nn

model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
before_batch = [functools.partial(optimizer.zero_grad, set_to_none=True), model.train]
for _ in range(15):
    for hook in before_batch:
        hook()
    model(torch.randn(6, 3)).pow(2).mean().backward()
    optimizer.step()
