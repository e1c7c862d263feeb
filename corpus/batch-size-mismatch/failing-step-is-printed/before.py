import torch
from torch import nn, optim

torch.manual_seed(0)

# one batch of measurements, and the value that belongs to each of them
measurements = torch.randn(24, 6)
values = torch.ones(20, 1)  # bug: batch-size-mismatch

regressor = nn.Linear(6, 1)
sgd = optim.SGD(regressor.parameters(), lr=0.05)
mse = nn.MSELoss()

losses = []
for step in range(40):
    try:
        guess = regressor(measurements)
        loss = mse(guess, values)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    except RuntimeError as problem:
        print("step", step, "failed:", problem)
print("mean loss:", sum(losses) / len(losses))
