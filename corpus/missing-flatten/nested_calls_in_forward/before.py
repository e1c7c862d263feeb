import torch as T
import torch.nn as N
import torch.nn.functional as F

T.manual_seed(0)


class Tiny(N.Module):
    def __init__(self):
        super().__init__()
        self.c = N.Conv2d(1, 5, 4)
        self.l1 = N.Linear(5 * 3 * 3, 12)
        self.l2 = N.Linear(12, 2)

    def forward(self, x):
        h = F.relu(self.l1(F.max_pool2d(F.relu(self.c(x)), 2)))  # bug: missing-flatten
        return self.l2(h)


x = T.randn(96, 1, 10, 10)
y = (x.sum(dim=(1, 2, 3)) > 0).long()

net = Tiny()
opt = T.optim.Adam(net.parameters(), lr=0.01)
for i in range(12):
    for xb, yb in zip(x.split(24), y.split(24)):
        opt.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
    print(i, float(loss))
