# A forecast: convolutions along the time give maps of (batch, channels, sensors, steps), and the last layer takes the
# steps, of which there are as many times the channels as one likes.
import math

import torch
from torch import nn

STEPS = 12


class Forecast(nn.Module):
    def __init__(self, horizon):
        super().__init__()
        self.along_time = nn.Conv2d(1, 4, kernel_size=(1, 3), padding=(0, 1))
        self.smooth = nn.AvgPool2d((1, 3), stride=1, padding=(0, 1))
        self.ahead = nn.Linear(STEPS, horizon)
        self.merge = nn.Linear(4, 1)

    def forward(self, x):
        x = self.smooth(torch.relu(self.along_time(x)))
        x = self.ahead(x)
        return self.merge(x.permute(0, 2, 3, 1)).squeeze(-1)


def wave(shift):
    return [[math.sin(0.4 * t + shift + sensor) for t in range(STEPS + 3)] for sensor in range(5)]


series = torch.tensor([wave(0.3 * n) for n in range(20)])
past, future = series[..., :STEPS].unsqueeze(1), series[..., STEPS:]
torch.manual_seed(0)
model = Forecast(3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(5):
    loss = nn.functional.mse_loss(model(past), future)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
