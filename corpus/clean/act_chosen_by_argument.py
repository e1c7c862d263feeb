# The activation is an argument of the class; sigmoid is merely what this experiment compares with others.
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, activation=nn.Sigmoid):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(5, 20),
            activation(),
            nn.Linear(20, 20),
            activation(),
            nn.Linear(20, 20),
            activation(),
            nn.Linear(20, 1),
        )

    def forward(self, x):
        return self.layers(x)


x = torch.randn(80, 5)
y = x.sum(dim=1, keepdim=True)
for activation in (nn.Sigmoid, nn.Tanh, nn.ReLU):
    model = MLP(activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(10):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    print(activation.__name__, loss.item())
