# One loop for both phases: gradients follow the phase.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(120, 4)
y = x.sum(1, keepdim=True)
loaders = {
    "train": DataLoader(TensorDataset(x[:80], y[:80]), batch_size=10, shuffle=True),
    "val": DataLoader(TensorDataset(x[80:], y[80:]), batch_size=10),
}
net = nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(2):
    for phase in ("train", "val"):
        net.train(phase == "train")
        for a, b in loaders[phase]:
            with torch.set_grad_enabled(phase == "train"):
                loss = nn.functional.mse_loss(net(a), b)
            if phase == "train":
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
