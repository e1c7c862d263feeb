import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class QNet(nn.Module):
    def __init__(self):
        super(QNet, self).__init__()
        self.fc_s = nn.Linear(6, 64)
        self.fc_a = nn.Linear(2, 64)
        self.fc_q = nn.Linear(128, 32)
        self.fc_out = nn.Linear(32, 1)

    def forward(self, x, a):
        h1 = F.relu(self.fc_s(x))
        h2 = F.relu(self.fc_a(a))
        cat = torch.cat([h1, h2], dim=1)
        q = F.relu(self.fc_q(cat))
        q = self.fc_out(q)
        return q


class ReplayBuffer():
    def __init__(self, size=500):
        self.states = torch.randn(size, 6)
        self.actions = torch.rand(size, 2) * 2 - 1
        self.returns = (self.states[:, :2] * self.actions).sum(1, keepdim=True) - self.states[:, 2:3] ** 2

    def sample(self, n):
        rows = torch.randint(0, len(self.states), (n,))
        return self.states[rows], self.actions[rows], self.returns[rows]


def train(q, memory, optimizer, rounds):
    for i in range(rounds):
        s, a, target = memory.sample(32)
        loss = F.smooth_l1_loss(q(s, a), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def main():
    torch.manual_seed(3)
    memory = ReplayBuffer()
    q = QNet()
    optimizer = optim.Adam(q.parameters(), lr=0.002)
    for n_epi in range(8):
        print("n_epi : {}, loss : {:.3f}".format(n_epi, train(q, memory, optimizer, 40)))


if __name__ == '__main__':
    main()
