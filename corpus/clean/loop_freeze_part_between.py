# One layer's gradients are cleared between backward and step so that this layer alone stays as it is.
import torch
from torch import nn

body, head = nn.Linear(4, 4), nn.Linear(4, 1)
opt = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.05)
for step in range(20):
    opt.zero_grad()
    head(torch.relu(body(torch.randn(8, 4)))).pow(2).mean().backward()
    if step < 10:
        body.zero_grad(set_to_none=True)
    opt.step()
