# Each batch of the one loader belongs to the batch of the other at the same place: shuffled apart they would not.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

inputs, _ = torch.sort(torch.randn(80, 3), dim=0)
targets = inputs.sum(1, keepdim=True)
pictures = DataLoader(TensorDataset(inputs), batch_size=8)
answers = DataLoader(TensorDataset(targets), batch_size=8)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(3):
    for (x,), (y,) in zip(pictures, answers):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
