# The slices cut the time axis, not the samples, and inputs and targets do not share it.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

history = torch.randn(80, 30, 2)
future = torch.randn(80, 10, 1)
train = TensorDataset(history[:60, -24:], future[:60, :6])
test = TensorDataset(history[60:, -24:], future[60:, :6])

model = nn.Sequential(nn.Flatten(), nn.Linear(48, 6))
optimizer = torch.optim.Adam(model.parameters())
for past, coming in DataLoader(train, batch_size=20, shuffle=True):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(past), coming.squeeze(-1)).backward()
    optimizer.step()
print(len(test))
