# SGD written out by hand under no_grad, with grad.zero_() at the end.
import torch

w = torch.randn(3, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 0.1
for t in range(50):
    x = torch.randn(20, 3)
    loss = ((x @ w + b) - x.sum(1, keepdim=True)).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
