# The step of each epoch comes before its batches: it uses what the whole epoch before has added up.
import torch

model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1)
data = torch.randn(60, 4)
for epoch in range(5):
    optimizer.step()
    optimizer.zero_grad()
    for part in data.split(20):
        (model(part) - part[:, :1]).square().mean().backward()
