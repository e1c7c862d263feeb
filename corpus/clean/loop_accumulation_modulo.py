# Gradient accumulation on purpose: the clear stands with the step, once per window.
import torch

accumulation_steps = 4
net = torch.nn.Sequential(torch.nn.Linear(10, 10), torch.nn.ReLU(), torch.nn.Linear(10, 2))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
optimizer.zero_grad()
for i in range(64):
    x, y = torch.randn(4, 10), torch.randint(0, 2, (4,))
    loss = torch.nn.functional.cross_entropy(net(x), y) / accumulation_steps
    loss.backward()
    if (i + 1) % accumulation_steps == 0:
        optimizer.step()
        optimizer.zero_grad()
