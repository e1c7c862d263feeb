# One permutation for both, the second array with its own statement further down.
import torch
from torch import nn

x = torch.randn(160, 4)
y = x.sum(1, keepdim=True)
perm = torch.randperm(len(x))
x = x[perm]
print("rows shuffled:", len(x))
y = y[perm]

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for i in range(0, 120, 20):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x[i : i + 20]), y[i : i + 20]).backward()
    optimizer.step()
