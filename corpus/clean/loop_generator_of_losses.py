# A generator that trains: whoever draws its losses clears the gradients before asking for the next one.
import torch
from torch import nn


def losses(model, optimizer, batches):
    for x, y in batches:
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        yield loss.item()


net = nn.Linear(3, 1)
sgd = torch.optim.SGD(net.parameters(), lr=0.05)
data = [(torch.randn(8, 3), torch.randn(8, 1)) for _ in range(20)]
for value in losses(net, sgd, data):
    print(value)
    sgd.zero_grad()
