# torch.func computes gradients as values; the hand-written update has no .grad to clear.
import torch
from torch.func import functional_call, grad

net = torch.nn.Linear(3, 1)
params = dict(net.named_parameters())


def loss_of(params, x, y):
    return (functional_call(net, params, (x,)) - y).pow(2).mean()


for step in range(30):
    x = torch.randn(16, 3)
    grads = grad(loss_of)(params, x, x.sum(1, keepdim=True))
    params = {name: (value - 0.1 * grads[name]).detach() for name, value in params.items()}
