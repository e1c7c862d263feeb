# Inputs and targets are columns of one table.
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

table = np.random.default_rng(0).normal(size=(200, 7)).astype("float32")
np.random.shuffle(table)
train, test = table[:150], table[150:]
x_train, y_train = torch.from_numpy(train[:, :-1]), torch.from_numpy(train[:, -1:])

model = torch.nn.Linear(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for x, y in DataLoader(TensorDataset(x_train, y_train), batch_size=25, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
