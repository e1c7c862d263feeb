# The return is a sum of plain numbers; the loss is computed from it, not the other way round.
import torch
from torch import nn

pi = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())
optimizer = torch.optim.Adam(pi.parameters(), lr=5e-3)
gamma = 0.98
for episode in range(6):
    data = []
    for t in range(40):
        s = torch.randn(3)
        data.append((float(s[0] > 0), pi(s)))
    R = 0
    optimizer.zero_grad()
    for r, prob in data[::-1]:
        R = r + gamma * R
        loss = -torch.log(prob) * R
        loss.backward()
    optimizer.step()
