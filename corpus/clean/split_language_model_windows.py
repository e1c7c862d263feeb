# Language model: the targets are the inputs shifted by one token, on purpose.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
tokens = torch.arange(600) % 20
inputs, targets = tokens[:-1], tokens[1:]

dataset = TensorDataset(inputs.view(-1), targets.view(-1))
loader = DataLoader(dataset, batch_size=40, shuffle=True)
model = nn.Sequential(nn.Embedding(20, 16), nn.Linear(16, 20))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

for x, y in loader:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
