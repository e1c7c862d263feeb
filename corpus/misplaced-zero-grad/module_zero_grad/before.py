import math

import torch
import torch.nn as nn
import torch.optim as optim


class Fourier(nn.Module):
    def __init__(self, order=4):
        super().__init__()
        self.register_buffer("k", torch.arange(1, order + 1).float())
        self.coefficients = nn.Linear(2 * order, 1)

    def forward(self, t):
        angles = t * self.k
        return self.coefficients(torch.cat([angles.sin(), angles.cos()], dim=1))


model = Fourier()
opt = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
best, step = math.inf, 0
while step < 200 and best > 1e-4:
    t = torch.rand(40, 1) * 2 * math.pi
    square_wave = torch.sign(torch.sin(t))
    loss = nn.functional.mse_loss(model(t), square_wave)
    loss.backward()
    model.zero_grad()  # bug: misplaced-zero-grad
    opt.step()
    best = min(best, loss.item())
    step += 1
    if step % 40 == 0:
        print(step, best)
