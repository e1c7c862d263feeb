# Under a condition the step closes the window of the rounds before, and this round opens the next one.
import torch

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(40):
    x = torch.randn(8, 2)
    loss = (model(x) - x[:, :1]).abs().mean() / 4
    if i and i % 4 == 0:
        optimizer.step()
        optimizer.zero_grad()
        loss = (model(x) - x[:, :1]).abs().mean() / 4
    loss.backward()
optimizer.step()
