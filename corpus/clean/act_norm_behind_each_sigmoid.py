# Batch norm stands behind every other sigmoid: it scales the data up again, and the gradient on its way back.
import torch
from torch import nn


class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm0 = nn.BatchNorm1d(20)
        self.enter = nn.Linear(20, 40)
        self.mix1 = nn.Linear(40, 40)
        self.norm1 = nn.BatchNorm1d(40)
        self.middle = nn.Linear(40, 40)
        self.mix2 = nn.Linear(40, 40)
        self.norm2 = nn.BatchNorm1d(40)
        self.last = nn.Linear(40, 4)

    def forward(self, x):
        a = torch.sigmoid(self.enter(self.norm0(x)))
        a = torch.sigmoid(self.mix1(a))
        b = self.norm1(a)
        b = torch.sigmoid(self.middle(b))
        b = torch.sigmoid(self.mix2(b))
        return self.last(self.norm2(b))


torch.manual_seed(0)
net = Scorer()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
x = torch.randn(320, 20)
y = torch.randint(0, 4, (320,))
for epoch in range(3):
    for i in range(0, 320, 32):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x[i : i + 32]), y[i : i + 32])
        loss.backward()
        opt.step()
    print(epoch, loss.item())
