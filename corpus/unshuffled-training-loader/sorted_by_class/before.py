import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)

# four clusters, one behind the other
centers = torch.tensor([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
points = torch.cat([torch.randn(60, 2) * 0.5 + center for center in centers])
classes = torch.arange(4).repeat_interleave(60)

dataset = TensorDataset(points, classes)
loader = DataLoader(dataset, batch_size=20)  # bug: unshuffled-training-loader

net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 4))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()

for epoch in range(8):
    running = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f"epoch {epoch}: {running / len(loader):.4f}")
