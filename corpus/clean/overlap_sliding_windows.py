# The test series begins one window before the end of training, so that its first prediction has a past to look at.
import torch
from torch import nn

series = torch.sin(torch.arange(300) * 0.1)
window = 20
train_series, test_series = series[:240], series[220:]


def pairs(values):
    x = values.unfold(0, window, 1)[:-1]
    return x, values[window:].unsqueeze(1)


model = nn.Sequential(nn.Linear(window, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
train_x, train_y = pairs(train_series)
for _ in range(20):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(train_x), train_y).backward()
    optimizer.step()
test_x, test_y = pairs(test_series)
with torch.no_grad():
    print(nn.functional.mse_loss(model(test_x), test_y).item())
