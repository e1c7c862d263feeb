# %%
import torch
from torch import nn

torch.manual_seed(0)

# %% a wide network for a sum of waves
first, second, last = nn.Linear(64, 256), nn.Linear(256, 256), nn.Linear(256, 1)
for layer in [first, second, last]:
    nn.init.xavier_uniform_(layer.weight)
network = nn.Sequential(first, nn.Tanh(), second, nn.Tanh(), last)

# %%
x = torch.rand(512, 64)
y = torch.sin(4 * x[:, :2]).sum(dim=1, keepdim=True)

# %%
adam = torch.optim.Adam(network.parameters(), lr=1e-3)
losses = []
for step in range(150):
    pick = torch.randint(0, 512, (64,))
    loss = nn.functional.mse_loss(network(x[pick]), y[pick])
    adam.zero_grad()
    loss.backward()
    adam.step()
    losses.append(loss.item())
print(losses[0], losses[-1])
