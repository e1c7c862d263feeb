# %% which optimizer is best?
import torch
import torch.nn as nn
import torch.nn.functional as F

RATE = 50.0
torch.manual_seed(2)
x = torch.linspace(-1, 1, 400).unsqueeze(1)
y = x**2 + 0.05 * torch.randn_like(x)


# %%
class Curve(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(1, 20)
        self.outer = nn.Linear(20, 1)

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))


# %%
curves = [Curve(), Curve()]
sgd = torch.optim.SGD(curves[0].parameters(), lr=0.01, momentum=0.8)
adam = torch.optim.Adam(curves[1].parameters(), lr=0.001)
history = [[], []]

# %%
for epoch in range(8):
    for rows in torch.randperm(400).split(20):
        for curve, opt, losses in zip(curves, [sgd, adam], history):
            loss = F.mse_loss(curve(x[rows]), y[rows])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
    print(epoch, [round(each[-1], 4) for each in history])
