# Each round holds out other rows, and trains a new model on those before and behind them.
import torch
from torch import nn

inputs = torch.randn(100, 3)
targets = inputs.sum(1, keepdim=True)
errors = []
for start in range(0, 100, 25):
    val_x, val_y = inputs[start : start + 25], targets[start : start + 25]
    train_x = torch.cat([inputs[:start], inputs[start + 25 :]])
    train_y = torch.cat([targets[:start], targets[start + 25 :]])
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(train_x), train_y).backward()
        optimizer.step()
    with torch.no_grad():
        errors.append(nn.functional.mse_loss(model(val_x), val_y).item())
print(sum(errors) / len(errors))
