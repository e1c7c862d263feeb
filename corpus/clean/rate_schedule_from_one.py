# Adam at 1.0 is only a factor: the schedule multiplies it by a thousandth and less.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1e-3 * min((step + 1) / 10, 1.0))
x = torch.randn(100, 8)
y = x.sum(dim=1, keepdim=True)
for step in range(20):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
    schedule.step()
