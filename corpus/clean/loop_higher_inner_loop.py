# Meta-learning: the inner loop uses a differentiable optimizer whose step takes the loss; the outer one is cleared.
import higher
import torch
from torch import nn

model = nn.Linear(1, 1)
meta_opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for task in range(10):
    inner_opt = torch.optim.SGD(model.parameters(), lr=1e-1)
    meta_opt.zero_grad()
    with higher.innerloop_ctx(model, inner_opt, copy_initial_weights=False) as (fmodel, diffopt):
        for _ in range(5):
            x = torch.randn(8, 1)
            diffopt.step((fmodel(x) - 2 * x).pow(2).mean())
        x = torch.randn(8, 1)
        (fmodel(x) - 2 * x).pow(2).mean().backward()
    meta_opt.step()
