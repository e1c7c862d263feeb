# A straight line learned in shuffled batches: (N, 1) predictions against (N, 1) targets.
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

hours = torch.randn(80, 1)
wages = 3 * hours - 2 + 0.2 * torch.randn(80, 1)
loader = DataLoader(TensorDataset(hours, wages), batch_size=8, shuffle=True)
line = nn.Linear(1, 1)
measure = nn.MSELoss()
optimizer = optim.SGD(line.parameters(), lr=0.02)

rounds = 12
for turn in range(rounds):
    for some_hours, some_wages in loader:
        guess = line(some_hours)
        error = measure(guess, some_wages)

        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    print(f"{turn + 1} of {rounds}: {error.item():.4f}")
