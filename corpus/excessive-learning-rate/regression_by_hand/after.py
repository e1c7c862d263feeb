import torch
from torch import nn


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.randn(1))
        self.offset = nn.Parameter(torch.randn(1))

    def forward(self, x):
        return self.slope * x + self.offset


torch.manual_seed(42)
X = torch.arange(0, 1, 0.02).unsqueeze(1)
y = 0.7 * X + 0.3
X_train, y_train = X[:40], y[:40]

model = Line()
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

for epoch in range(120):
    model.train()
    loss = loss_fn(model(X_train), y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 20 == 0:
        print(epoch, loss.item())
