# %%
import torch as th
from torch import nn

config = {
    "hidden": 48,
    "lr": 3.0,
    "steps": 150,
}

# %%
th.manual_seed(2)
signal = th.sin(th.linspace(0, 60, 1000))
windows = signal.unfold(0, 21, 1)
past, following = windows[:, :20], windows[:, 20:]

# %%
forecaster = nn.Sequential(nn.Linear(20, config["hidden"]), nn.Tanh(), nn.Linear(config["hidden"], 1))
adam = th.optim.Adam(
    forecaster.parameters(),
    lr=config["lr"],  # bug: excessive-learning-rate
)

# %%
for step in range(config["steps"]):
    pick = th.randint(0, len(past), (64,))
    error = nn.functional.mse_loss(forecaster(past[pick]), following[pick])
    adam.zero_grad()
    error.backward()
    adam.step()
print(error.item())
