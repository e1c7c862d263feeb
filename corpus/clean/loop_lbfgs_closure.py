# LBFGS evaluates a closure that clears, computes and returns the loss; step() takes the closure.
import torch

x = torch.randn(50, 2)
y = x @ torch.tensor([[1.0], [2.0]])
model = torch.nn.Linear(2, 1)
opt = torch.optim.LBFGS(model.parameters(), lr=0.8)

for i in range(10):

    def closure():
        opt.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        return loss

    opt.step(closure)
