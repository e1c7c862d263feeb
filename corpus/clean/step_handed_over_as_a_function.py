# The optimizer's step is handed to a compiled function.
import torch

model = torch.nn.Linear(3, 3)
optimizer = torch.optim.Adam(model.parameters())
advance = torch.compile(optimizer.step, fullgraph=False, backend="eager")
x = torch.randn(30, 3)
for _ in range(5):
    optimizer.zero_grad()
    (model(x) - x).square().mean().backward()
    advance()
