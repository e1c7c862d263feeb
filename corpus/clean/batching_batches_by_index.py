# Batches are cut by hand: the index counts batches, not samples.
import torch
import torch.nn as nn

X, y = torch.randn(640, 6), torch.randint(0, 2, (640,))
batches, targets = X.view(80, 8, 6), y.view(80, 8)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(2):
    order = torch.randperm(80)
    for i in order.tolist():
        optimizer.zero_grad()
        loss = criterion(net(batches[i]), targets[i])
        loss.backward()
        optimizer.step()
    for start in range(0, 640, 64):
        optimizer.zero_grad()
        loss = criterion(net(X[start : start + 64]), y[start : start + 64])
        loss.backward()
        optimizer.step()
