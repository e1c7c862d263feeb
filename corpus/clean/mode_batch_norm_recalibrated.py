# After weight averaging, batch norm's statistics are estimated anew: a pass over data in training mode, without a step.
import torch
import torch.nn as nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(240, 8)
y = (x[:, 0] > x[:, 1]).long()
loader = DataLoader(TensorDataset(x[:200], y[:200]), batch_size=40, shuffle=True)
val_loader = DataLoader(TensorDataset(x[200:], y[200:]), batch_size=40)
net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
averaged = AveragedModel(net)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

for epoch in range(4):
    net.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(xb), yb).backward()
        optimizer.step()
    averaged.update_parameters(net)


def reestimate_bn(model, batches):
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.reset_running_stats()
    model.train()
    with torch.no_grad():
        for xb, _ in batches:
            model(xb)


reestimate_bn(averaged, loader)
averaged.eval()
with torch.no_grad():
    for xb, yb in val_loader:
        print((averaged(xb).argmax(1) == yb).float().mean().item())
