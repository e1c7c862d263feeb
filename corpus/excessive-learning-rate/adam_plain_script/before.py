import torch
import torch.nn as nn

torch.manual_seed(0)
inputs = torch.randn(400, 10)
targets = inputs @ torch.randn(10, 3) + 0.1 * torch.randn(400, 3)

model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1000)  # bug: excessive-learning-rate

for epoch in range(10):
    for rows in torch.randperm(400).split(40):
        optimizer.zero_grad()
        loss = loss_fn(model(inputs[rows]), targets[rows])
        loss.backward()
        optimizer.step()
    print(f"Loss at epoch {epoch}: {loss.item()}")
