# The step uses the first loss; the second one, of the regulariser, is for the next round's step.
import torch

model = torch.nn.Linear(5, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
optimizer.zero_grad()
for _ in range(25):
    x = torch.randn(10, 5)
    loss = (model(x) - 1).square().mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    penalty = 1e-3 * model.weight.square().sum()
    penalty.backward()
