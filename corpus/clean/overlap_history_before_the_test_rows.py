# The test rows begin `order` rows before the end of training: those are only the past of the first test row.
import torch
from torch import nn

signal = torch.cumsum(torch.randn(200), 0)
order, n_train = 4, 150
train_rows, test_rows = signal[:n_train], signal[n_train - order :]
model = nn.Linear(order, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for _ in range(30):
    past = torch.stack([train_rows[i : i + order] for i in range(n_train - order)])
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(past).squeeze(1), train_rows[order:])
    loss.backward()
    optimizer.step()
with torch.no_grad():
    past = torch.stack([test_rows[i : i + order] for i in range(50)])
    print(nn.functional.mse_loss(model(past).squeeze(1), test_rows[order:]).item())
