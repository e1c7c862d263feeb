# A lesson lets the same network start from zeros and from ones, to show that neither learns: whoever calls asks for it.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, constant_weight=None):
        super().__init__()
        self.fc1 = nn.Linear(6, 16)
        self.fc2 = nn.Linear(16, 2)
        if constant_weight is not None:
            for m in self.modules():
                if isinstance(m, nn.Linear):
                    nn.init.constant_(m.weight, constant_weight)
                    nn.init.constant_(m.bias, 0)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


torch.manual_seed(0)
x, y = torch.randn(100, 6), torch.randint(0, 2, (100,))
for net in (Net(), Net(constant_weight=0), Net(constant_weight=1)):
    optimizer = torch.optim.Adam(net.parameters())
    for rows in torch.randperm(100).split(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[rows]), y[rows]).backward()
        optimizer.step()
