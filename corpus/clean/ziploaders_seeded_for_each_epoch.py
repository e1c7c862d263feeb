# Both generators get the same seed before every epoch, so both loaders draw the same order each time.
import torch
from torch import nn
from torch.utils.data import DataLoader

x = torch.randn(80, 3)
y = (x ** 2).sum(1, keepdim=True)
g, h = torch.Generator(), torch.Generator()
inputs = DataLoader(x, batch_size=16, shuffle=True, generator=g)
answers = DataLoader(y, batch_size=16, shuffle=True, generator=h)
model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    g.manual_seed(epoch)
    h.manual_seed(epoch)
    for a, b in zip(inputs, answers):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
