import torch
from torch import nn
import torch.optim as optim

num = 200
xs = torch.rand(num, 2) * 4 - 2
ys = (xs[:, :1] * xs[:, 1:]).sign().clamp(min=0)

perm = torch.randperm(num)
# mix the rows
xs = xs[perm]
ys = ys[perm]

model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = optim.Adam(model.parameters(), lr=0.02)

batch = 50
for epoch in range(40):
    for start in range(0, num, batch):
        inputs = xs[start:start + batch]
        targets = ys[start:start + batch]
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
print(loss.item())
