import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
x = torch.randn(256, 4)
y = x @ torch.tensor([[1.0], [-2.0], [0.5], [3.0]])

x_loader = DataLoader(x, batch_size=32, shuffle=True)
y_loader = DataLoader(y, batch_size=32, shuffle=True)

model = nn.Linear(4, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(6):
    for xb, yb in zip(x_loader, y_loader):  # bug: zip-of-shuffled-loaders
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
