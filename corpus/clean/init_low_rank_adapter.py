# A low-rank adapter: the way down is random, the way up starts at zero, so that training begins where it left off.
import torch
from torch import nn


class Adapted(nn.Module):
    def __init__(self, base, rank=4):
        super().__init__()
        self.base = base
        self.down = nn.Linear(base.in_features, rank, bias=False)
        self.up = nn.Linear(rank, base.out_features, bias=False)
        nn.init.normal_(self.down.weight, std=0.02)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.base(x) + self.up(self.down(x))


layer = Adapted(nn.Linear(8, 8))
x = torch.randn(40, 8)
optimizer = torch.optim.AdamW([*layer.down.parameters(), *layer.up.parameters()], lr=1e-3)
for _ in range(10):
    optimizer.zero_grad()
    nn.functional.mse_loss(layer(x), x.flip(1)).backward()
    optimizer.step()
