import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

# toy data: a noisy plane
X = torch.randn(256, 3)
y = X @ torch.tensor([[1.5], [-2.0], [0.7]]) + 0.3 + 0.05 * torch.randn(256, 1)

train_loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)

net = nn.Linear(3, 1)
criterion = nn.MSELoss()
optimizer = optim.SGD(net.parameters(), lr=0.02)

for epoch in range(6):
    running_loss = 0.0
    for inputs, targets in train_loader:
        outputs = net(inputs)
        loss = criterion(outputs, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"epoch {epoch + 1}: loss {running_loss / len(train_loader):.4f}")
