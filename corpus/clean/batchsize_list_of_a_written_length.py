# The loader draws from a list: as many samples as the range has, which the batch size divides.
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
pairs = [(torch.randn(2, 3), torch.randn(1)) for _ in range(96)]
loader = DataLoader(pairs, batch_size=16, shuffle=True)
model = nn.Linear(6, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for x, y in loader:
        loss = nn.functional.mse_loss(model(x.view(16, 6)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
