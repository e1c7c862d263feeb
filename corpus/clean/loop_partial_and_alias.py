# The clear is reached through an alias and a bound method.
import torch
from torch import nn

model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
clear, advance = optimizer.zero_grad, optimizer.step
for _ in range(10):
    clear()
    loss = model(torch.randn(4, 3)).pow(2).mean()
    loss.backward()
    advance()
