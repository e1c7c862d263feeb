import torch
import torch.nn as nn
import torch.nn.init as init


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(40, 128)
        self.hid = nn.Linear(128, 128)
        self.out = nn.Linear(128, 5)
        self._init()

    def _init(self):
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init.kaiming_normal_(m.weight, nonlinearity="relu")
                init.zeros_(m.bias)

    def forward(self, x):
        x = torch.relu(self.inp(x))
        x = torch.relu(self.hid(x))
        return self.out(x)


class Trainer:
    def __init__(self, net, lr=1e-3):
        self.net = net
        self.optimizer = torch.optim.Adam(net.parameters(), lr=lr)
        self.loss = nn.CrossEntropyLoss()

    def run(self, x, y, steps=150, batch=64):
        for step in range(steps):
            rows = torch.randint(0, len(x), (batch,))
            self.optimizer.zero_grad()
            loss = self.loss(self.net(x[rows]), y[rows])
            loss.backward()
            self.optimizer.step()
            if step % 50 == 0:
                print(step, float(loss))


torch.manual_seed(3)
x = torch.randn(1000, 40)
y = (x @ torch.randn(40, 5)).argmax(dim=1)
Trainer(Policy()).run(x, y)
