# The last, smaller batch is skipped before anything counts on the size.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

BATCH = 16
loader = DataLoader(TensorDataset(torch.randn(50, 3, 4), torch.randint(0, 2, (50,))), batch_size=BATCH, shuffle=True)
model, criterion = nn.Linear(12, 2), nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    for x, y in loader:
        if x.size(0) != BATCH:
            continue
        optimizer.zero_grad()
        loss = criterion(model(x.view(BATCH, -1)), y)
        loss.backward()
        optimizer.step()
