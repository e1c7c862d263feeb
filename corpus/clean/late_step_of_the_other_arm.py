# The first arm of each round fills the gradients, the second one steps with them before it goes backward anew.
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(5, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
x = torch.randn(100, 5)
y = x.mean(1, keepdim=True)

for index, (part, wanted) in enumerate(zip(x.split(10), y.split(10))):
    loss = nn.functional.mse_loss(net(part), wanted)
    if index % 2 == 0:
        optimizer.zero_grad()
        loss.backward()
    else:
        optimizer.step()
        optimizer.zero_grad()
        nn.functional.mse_loss(net(part), wanted).backward()
        optimizer.step()
