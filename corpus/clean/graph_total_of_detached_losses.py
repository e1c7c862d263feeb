# The loss is detached, or made a number, before it is added: by name, by reassignment, by a helper.
import torch
from torch import nn

model = nn.Linear(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)


def to_number(tensor):
    return float(tensor)


total_a = total_b = total_c = total_d = 0.0
for step in range(60):
    x = torch.randn(10, 6)
    loss = nn.functional.mse_loss(model(x), x.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total_a += loss.detach()
    total_b += loss.data * x.size(0)
    total_c += to_number(loss)
    loss = loss.item()
    total_d += loss
print(total_a, total_b, total_c, total_d)
