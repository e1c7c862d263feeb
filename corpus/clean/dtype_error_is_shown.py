# A lesson on types: a layer that is made for it refuses doubles, the error is printed, and training uses another layer.
import torch
from torch import nn

probe = nn.Linear(4, 2)
try:
    probe(torch.zeros(3, 4, dtype=torch.double))
except RuntimeError as error:
    print("layers do not convert:", error)

layer = nn.Linear(4, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
for _ in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(layer(torch.randn(8, 4)), torch.randint(0, 2, (8,)))
    loss.backward()
    optimizer.step()
