import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

ACCUM = 3

X = torch.randn(720, 9)
Y = (X.pow(2).sum(1) > 9).long()
loader = DataLoader(TensorDataset(X, Y), batch_size=6, shuffle=True)
model = nn.Sequential(nn.Linear(9, 40), nn.ReLU(), nn.Linear(40, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(2):
    total = 0.0
    for batch_idx, (xs, ys) in enumerate(loader):
        loss = criterion(model(xs), ys)
        (loss / ACCUM).backward()
        total += loss.item()
        if (batch_idx + 1) % ACCUM == 0:
            optimizer.step()
            optimizer.zero_grad()
    print("epoch", epoch, "mean loss", total / len(loader))
