import torch
from torch import nn

torch.manual_seed(0)
weights = torch.tensor([1.0, -2.0, 0.5, 3.0])
model = nn.Linear(4, 1)
sgd = torch.optim.SGD(model.parameters(), lr=0.05)
smooth = 0.0
for i in range(150):
    inputs = torch.randn(16, 4)
    loss = nn.functional.mse_loss(model(inputs).squeeze(1), inputs @ weights)
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    smooth = 0.9 * smooth + 0.1 * loss  # bug: retained-loss-graph
    if i % 30 == 29:
        print(f"{i + 1:4d} {smooth:.4f}")
