import torch
from torch import nn

bf16 = True  # settled after the first runs
torch.manual_seed(2)
features = torch.randn(128, 5)
targets = features @ torch.tensor([[1.0], [-1.0], [2.0], [0.5], [0.0]])
net = nn.Linear(5, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)

for epoch in range(6):
    for x, y in zip(features.split(16), targets.split(16)):
        optimizer.zero_grad()
        if bf16:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = net(x)
            loss = nn.functional.mse_loss(out.float(), y)
            loss.backward()  # bug: missing-optimizer-step
        else:
            loss = nn.functional.mse_loss(net(x), y)
            loss.backward()
            optimizer.step()
    print(epoch, round(loss.item(), 4))
