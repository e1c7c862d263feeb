import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn import init
from torch.nn.parameter import Parameter


class LinearActivation(nn.Module):
    """A linear layer and what comes behind it in one module."""

    def __init__(self, in_features, out_features, act=torch.tanh):
        super(LinearActivation, self).__init__()
        self.act_fn = act
        self.weight = Parameter(torch.Tensor(out_features, in_features))
        self.bias = Parameter(torch.Tensor(out_features))
        self.reset_parameters()

    def reset_parameters(self):
        init.constant_(self.weight, 0.02)  # bug: bad-initialisation
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        return self.act_fn(F.linear(input, self.weight, self.bias))


class Intermediate(nn.Module):
    def __init__(self, hidden):
        super(Intermediate, self).__init__()
        self.dense = LinearActivation(hidden, 4 * hidden)
        self.squeeze = LinearActivation(4 * hidden, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.squeeze(self.dense(x)))


torch.manual_seed(4)
states = torch.randn(300, 8)
wanted = torch.sin(2 * states[:, :1]) * states[:, 1:2] + states[:, 2:3].abs()

net = Intermediate(8)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(240):
    picked = torch.randint(300, (50,))
    opt.zero_grad()
    loss = F.mse_loss(net(states[picked]), wanted[picked])
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print(step, float(loss))
