# The gradients are averaged in place and then applied by hand: the optimizer is there to clear them, and for its groups.
import torch
from torch import nn

model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
tasks = 4

for _ in range(50):
    optimizer.zero_grad()
    for _ in range(tasks):
        inputs = torch.randn(8, 3)
        nn.functional.mse_loss(model(inputs), inputs.sum(1, keepdim=True)).backward()
    with torch.no_grad():
        for p in model.parameters():
            p.grad.mul_(1.0 / tasks)
            p.sub_(p.grad, alpha=optimizer.param_groups[0]["lr"])
