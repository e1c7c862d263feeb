# The sum is made under no_grad, which records nothing.
import torch
from torch import nn

model = nn.Linear(6, 2)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
total = torch.zeros(1)
for step in range(50):
    x = torch.randn(10, 6)
    loss = nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        total += loss
print(total.item() / 50)
