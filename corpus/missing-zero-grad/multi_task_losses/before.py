import torch
from torch import nn
from torch.optim import RMSprop

trunk = nn.Sequential(nn.Linear(6, 32), nn.ReLU())
price_head, type_head = nn.Linear(32, 1), nn.Linear(32, 3)
modules = nn.ModuleList([trunk, price_head, type_head])
rms = RMSprop(modules.parameters(), lr=1e-3)


def sample(n=40):
    x = torch.randn(n, 6)
    price = x[:, :2].sum(1, keepdim=True)
    kind = x[:, 3:].argmax(1)
    return x, price, kind


for it in range(140):
    x, price, kind = sample()
    z = trunk(x)

    price_loss = nn.functional.l1_loss(price_head(z), price)
    price_loss.backward(retain_graph=True)

    type_loss = nn.functional.cross_entropy(type_head(z), kind)
    (0.5 * type_loss).backward()

    rms.step()  # bug: missing-zero-grad

    if it % 35 == 0:
        print(f"{it:3d} price {price_loss.item():.3f} type {type_loss.item():.3f}")
