# One optimizer for the whole model clears; the one for the head steps while the body is frozen.
import torch
from torch import nn

body, head = nn.Linear(4, 8), nn.Linear(8, 2)
model = nn.Sequential(body, nn.ReLU(), head)
everything = torch.optim.Adam(model.parameters(), lr=1e-3)
head_only = torch.optim.SGD(head.parameters(), lr=0.1)
x, y = torch.randn(90, 4), torch.randint(0, 2, (90,))
for epoch in range(15):
    everything.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    head_only.step()
