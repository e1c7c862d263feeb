# Gradients of single samples are added up and used together: the batch is made of backward passes.
import torch
from torch import nn

X, y = torch.randn(96, 4), torch.randn(96, 1)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    optimizer.zero_grad()
    for i in range(len(X)):
        loss = nn.functional.mse_loss(net(X[i]), y[i]) / 16
        loss.backward()
        if (i + 1) % 16 == 0:
            optimizer.step()
            optimizer.zero_grad()
