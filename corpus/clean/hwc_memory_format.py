# channels_last names a layout in memory; the shape is (N, C, H, W) all the same.
import torch
from torch import nn

x = torch.rand(30, 3, 8, 8).to(memory_format=torch.channels_last)
y = torch.randint(0, 2, (30,))
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
