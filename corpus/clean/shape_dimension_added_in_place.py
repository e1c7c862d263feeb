# The channel dimension is added in place, and the pictures are flattened in place of themselves.
import torch
import torch.nn as nn
import torch.nn.functional as F


def make_net():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))


torch.manual_seed(0)
x, y = torch.rand(16, 8, 8), torch.randint(0, 2, (16,))
x.unsqueeze_(1)
model = make_net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
