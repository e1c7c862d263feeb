# LBFGS steps with a closure, which clears and computes the gradients.
import torch

model = torch.nn.Linear(5, 1)
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5)
x = torch.randn(80, 5)


def closure():
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), x.mean(1, keepdim=True))
    loss.backward()
    return loss


for i in range(8):
    loss = optimizer.step(closure)
    print(i, loss.item())
