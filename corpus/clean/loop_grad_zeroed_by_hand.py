# The loop zeroes each gradient in place after the step, where there is one.
import torch

a = torch.nn.Parameter(torch.zeros(1))
b = torch.nn.Parameter(torch.zeros(1))
sgd = torch.optim.SGD([a, b], lr=1e-2)
for it in range(40):
    x = torch.rand(16)
    loss = (a * x + b - (3 * x - 1)).pow(2).mean()
    loss.backward()
    sgd.step()
    for param in (a, b):
        if param.grad is not None:
            param.grad.detach_()
            param.grad.zero_()
