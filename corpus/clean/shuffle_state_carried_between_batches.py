# A recurrent network carries its state from one batch to the next: the batches must come in the order of time.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

signal = torch.sin(torch.arange(0, 60, 0.1))
pieces = signal.view(-1, 10, 1)
loader = DataLoader(TensorDataset(pieces[:-1], pieces[1:]), batch_size=1)
cell, readout = nn.GRU(1, 8, batch_first=True), nn.Linear(8, 1)
optimizer = torch.optim.Adam([*cell.parameters(), *readout.parameters()])
for epoch in range(2):
    state = None
    for now, following in loader:
        out, state = cell(now, state)
        loss = nn.functional.mse_loss(readout(out), following)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state = state.detach()
