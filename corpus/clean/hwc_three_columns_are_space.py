# 8 sensors are the channels; time and the three axes are what the convolution slides over.
import torch
from torch import nn

x = torch.rand(30, 8, 20, 3)
y = torch.randint(0, 2, (30,))
model = nn.Sequential(nn.Conv2d(8, 4, (5, 3)), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
