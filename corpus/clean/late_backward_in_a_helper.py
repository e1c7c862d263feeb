# The helper goes backward before the step; the loss that goes backward behind it trains the inputs.
import torch

model = torch.nn.Linear(3, 3)
noise = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
noise_optimizer = torch.optim.SGD([noise], lr=0.1)


def backward(loss):
    loss.backward(retain_graph=True)


for _ in range(10):
    x = torch.randn(6, 3) + noise
    optimizer.zero_grad()
    noise_optimizer.zero_grad()
    loss, spread = (model(x) - x).square().mean(), x.std()
    backward(loss)
    optimizer.step()
    spread.backward()
    noise_optimizer.step()
