# Online learning: the rows arrive one after the other, and each is learned from once, when it comes.
import torch
from torch import nn

stream = torch.randn(128, 5)
answers = stream[:, :1] * 2
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for t in range(len(stream)):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(stream[t]), answers[t])
    loss.backward()
    optimizer.step()
