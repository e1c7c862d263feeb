# Three by three by three: which of them are the channels cannot be told from the sizes, and the layer takes it.
import torch
from torch import nn

x = torch.rand(30, 3, 3, 3)
y = torch.randint(0, 2, (30,))
model = nn.Sequential(nn.Conv2d(3, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
