# LBFGS computes the gradients itself, in the closure; the last loss goes backward to show its gradients.
import torch

weights = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.LBFGS([weights])
target = torch.tensor([1.0, -2.0, 0.5])


def closure():
    optimizer.zero_grad()
    loss = (weights - target).square().sum()
    loss.backward()
    return loss


for _ in range(3):
    loss = (weights - target).square().sum()
    optimizer.step(closure)
    loss.backward()
    print(weights.grad)
