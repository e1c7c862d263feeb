# The optimizer goes to functions of another module; what they do with it cannot be seen from here.
import torch
from project.engine import before_iteration
from project.nets import build_model

model = build_model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for batch in range(100):
    before_iteration(optimizer)
    loss = model(torch.randn(4, 3)).mean()
    loss.backward()
    optimizer.step()
