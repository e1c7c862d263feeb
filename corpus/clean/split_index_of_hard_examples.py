# The loss compares the hardest half of a batch with its own targets through one index; the lengths follow from it.
import torch
from torch import nn

data = torch.randn(256, 12)
classes = torch.randint(0, 4, (256,))
model = nn.Linear(12, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(0, 256, 64):
    x, y = data[i : i + 64], classes[i : i + 64]
    with torch.no_grad():
        hardest = nn.functional.cross_entropy(model(x), y, reduction="none").argsort(descending=True)[:32]
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[hardest]), y[hardest]).backward()
    optimizer.step()
