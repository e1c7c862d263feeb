# The channels are last, and no layer minds: the images are flattened.
import torch
from torch import nn

x = torch.rand(30, 8, 8, 3)
y = torch.randint(0, 2, (30,))
model = nn.Sequential(nn.Flatten(), nn.Linear(192, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
