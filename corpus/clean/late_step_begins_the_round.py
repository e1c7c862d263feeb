# Each round begins with the step of the round before; the loss is computed with the new weights.
import torch

model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for i in range(30):
    optimizer.step()
    optimizer.zero_grad()
    x = torch.randn(20, 3)
    loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
    loss.backward()
