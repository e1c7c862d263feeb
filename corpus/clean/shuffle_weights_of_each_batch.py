# Each batch has its own running loss, found by its number: in another order it would meet the loss of other samples.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.arange(0, 8, 0.1).unsqueeze(1)
y = torch.cos(x)
batches = DataLoader(TensorDataset(x, y), batch_size=16)
model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
running = torch.ones(len(batches))
for epoch in range(4):
    for i, (a, b) in enumerate(batches):
        loss = nn.functional.mse_loss(model(a), b)
        optimizer.zero_grad()
        (loss * running[i] / running.mean()).backward()
        optimizer.step()
        running[i] = 0.9 * running[i] + 0.1 * loss.item()
