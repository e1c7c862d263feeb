# The first loop only looks at how large the gradients are, layer by layer; training comes after it.
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.Tanh()) for _ in range(4)], nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
x, y = torch.randn(64, 8), torch.randn(64, 1)

norms = []
for part in x.split(16):
    optimizer.zero_grad()
    net(part).square().mean().backward()
    norms.append([p.grad.norm().item() for p in net.parameters()])
print("mean gradient norms:", torch.tensor(norms).mean(0))

for _ in range(20):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()
