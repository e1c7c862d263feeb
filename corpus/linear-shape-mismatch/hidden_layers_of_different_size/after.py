import torch
from torch import nn

torch.manual_seed(0)

X = torch.randn(300, 6)
y = (X[:, 0] * X[:, 1] + X[:, 2]).unsqueeze(1)

mlp = nn.Sequential(
    nn.Linear(6, 48),
    nn.ReLU(),
    nn.Dropout(0.05),
    nn.Linear(48, 24),
    nn.ReLU(),
    nn.Linear(24, 1),
)

mse = nn.MSELoss()
opt = torch.optim.Adam(mlp.parameters(), lr=3e-3)

for epoch in range(60):
    opt.zero_grad()
    loss = mse(mlp(X), y)
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch:3d}  mse {loss.item():.4f}")
