# Momentum from scratch, compared with the optimizer of torch.
import os
import tempfile

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(2)
folder = tempfile.mkdtemp()
names = []
for kind in range(3):
    for number in range(40):
        names.append(f"{kind}_{number:02}")
        torch.save(torch.randn(5) + kind, os.path.join(folder, names[-1]))
with open(os.path.join(folder, "train.txt"), "w") as listing:
    listing.write("\n".join(names))


def read_names():
    with open(os.path.join(folder, "train.txt")) as listing:
        found = listing.read().split()
    return [os.path.join(folder, name) for name in found]


class Measurements(Dataset):
    def __init__(self):
        self.files = read_names()

    def __getitem__(self, idx):
        path = self.files[idx]
        return torch.load(path), int(os.path.basename(path)[0])

    def __len__(self):
        return len(self.files)


def momentum_step(parameters, velocities, lr, gamma):
    for parameter, velocity in zip(parameters, velocities):
        velocity.mul_(gamma).add_(parameter.grad, alpha=lr)
        parameter.data -= velocity


data = DataLoader(Measurements(), batch_size=10, shuffle=True)
net = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
velocities = [torch.zeros_like(parameter) for parameter in net.parameters()]
for epoch in range(5):
    for x, kind in data:
        loss = F.cross_entropy(net(x), kind)
        net.zero_grad()
        loss.backward()
        momentum_step(net.parameters(), velocities, 0.02, 0.9)
    print(f"by hand, epoch {epoch}: {loss:.3f}")

check = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
loss = F.cross_entropy(net(x), kind)
check.zero_grad()
loss.backward()
check.step()
