import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def make_data(n):
    t = torch.rand(n, 1) * 6
    return TensorDataset(t, torch.sin(t) + 0.05 * torch.randn(n, 1))


train_loader = DataLoader(make_data(300), batch_size=30, shuffle=True)
val_loader = DataLoader(make_data(90), batch_size=30)

model = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Dropout(0.1), nn.Linear(40, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for epoch in range(6):
    model.train()
    for t, s in train_loader:
        optimizer.zero_grad()
        loss = F.mse_loss(model(t), s)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        valid_loss = sum(F.mse_loss(model(t), s) for t, s in val_loader)  # bug: missing-eval-mode
    print(epoch, valid_loss / len(val_loader))
