# One backward and one step outside of any loop: nothing older can be in the gradients.
import torch

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters())
before = model.weight.detach().clone()
model(torch.ones(4, 2)).sum().backward()
optimizer.step()
assert not torch.equal(before, model.weight)
