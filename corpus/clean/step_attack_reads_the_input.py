# The first backward call is for the gradient of the images; the parameters are trained on what comes of it.
import torch
from torch import nn

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
images, labels = torch.rand(60, 1, 8, 8), torch.randint(0, 3, (60,))
for part in torch.arange(60).split(20):
    x = images[part].clone().requires_grad_(True)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), labels[part]).backward()
    attacked = (x + 0.03 * x.grad.sign()).clamp(0, 1).detach()
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(attacked), labels[part]).backward()
    optimizer.step()
