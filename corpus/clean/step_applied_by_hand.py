# The optimizer object only clears; the weights are moved by hand, with a rate for each layer.
import torch

model = torch.nn.Sequential(torch.nn.Linear(3, 6), torch.nn.ReLU(), torch.nn.Linear(6, 1))
cleaner = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(100, 3)
for epoch in range(30):
    cleaner.zero_grad()
    loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
    loss.backward()
    with torch.no_grad():
        for depth, weight in enumerate(model.parameters()):
            weight -= 0.05 / (1 + depth) * weight.grad
print(loss.item())
