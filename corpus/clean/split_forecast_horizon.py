# Forecasting: today's measurements predict tomorrow's price, so the second array starts a day later.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

HORIZON = 1
weather = torch.randn(300, 4)
price = torch.randn(300, 1)

pairs = TensorDataset(weather[:-HORIZON], price[HORIZON:])
loader = DataLoader(pairs, batch_size=23, shuffle=True)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in loader:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
