import torch
from torch import nn

torch.manual_seed(3)

# points inside and outside of a ring
points = torch.randn(600, 2)
labels = (points.norm(dim=1) > 1.2).long()

net = nn.Sequential(
    nn.Linear(2, 32),
    nn.ReLU(),
    nn.Linear(32, 32),
    nn.ReLU(),
    nn.Linear(32, 32),
    nn.ReLU(),
    nn.Linear(32, 32),
    nn.ReLU(),
    nn.Linear(32, 2),
)
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)

for step in range(200):
    rows = torch.randint(0, len(points), (64,))
    loss = nn.functional.cross_entropy(net(points[rows]), labels[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(step, loss.item())
