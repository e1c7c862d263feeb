# Ranges of numbers with training and testing in their names, which count steps and not rows: they share numbers, and
# nothing is evaluated that was trained on.
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(300, 4)
y = x.sum(1, keepdim=True)
train_rows, test_rows = torch.arange(0, 200), torch.arange(200, 300)
train_epochs = range(20)
test_epochs = range(10, 40, 10)

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in train_epochs:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x[train_rows]), y[train_rows])
    loss.backward()
    optimizer.step()
    if epoch in test_epochs:
        with torch.no_grad():
            print(epoch, nn.functional.mse_loss(model(x[test_rows]), y[test_rows]).item())
