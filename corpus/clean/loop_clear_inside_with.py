# The clear is inside a with block, together with the forward pass.
import torch
from torch import nn

net = nn.Linear(7, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for it in range(20):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(torch.randn(9, 7)), torch.randint(0, 2, (9,)))
    loss.backward()
    optimizer.step()
