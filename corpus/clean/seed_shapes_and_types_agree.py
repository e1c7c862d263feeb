# Colour pictures into a layer for three channels, as many targets as inputs, float32 into float32: all of it fits.
import torch
import torch.nn as nn
import torch.optim as optim


class Filter(nn.Module):
    def __init__(self):
        super(Filter, self).__init__()
        self.edges = nn.Conv2d(3, 8, kernel_size=3, padding=1)

    def forward(self, x):
        x = self.edges(x)
        return x


print(Filter()(torch.randn(1, 3, 20, 20)).shape)

line = nn.Linear(7, 1)
optimizer = optim.SGD(line.parameters(), lr=0.01)
inputs = torch.randn(12, 7, dtype=torch.float32)
targets = torch.randn(12, 1)
outputs = line(inputs)
loss = nn.MSELoss()(outputs, targets)
optimizer.zero_grad()
loss.backward()
optimizer.step()
print(outputs.dtype, loss.item())
