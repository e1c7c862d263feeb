# The total begins anew in every round, so no graph outlives its batch.
import torch
from torch import nn

heads = nn.ModuleList([nn.Linear(4, 1) for _ in range(3)])
optimizer = torch.optim.SGD(heads.parameters(), lr=0.05)
for step in range(40):
    x = torch.randn(16, 4)
    optimizer.zero_grad()
    shown = 0.0
    for head in [heads[0], heads[1], heads[2]]:
        loss = (head(x) - x.mean(1, keepdim=True)).pow(2).mean()
        loss.backward()
        shown += loss
    optimizer.step()
    if step % 10 == 0:
        print(step, shown.item())
