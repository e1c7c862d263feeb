import torch
from torch import nn, optim


class QNet(nn.Module):
    """What an action is worth in a state."""

    def __init__(self):
        super().__init__()
        self.fc_s = nn.Linear(3, 16)
        self.fc_a = nn.Linear(1, 16)
        self.fc_q = nn.Linear(33, 16)  # bug: linear-shape-mismatch
        self.fc_out = nn.Linear(16, 1)

    def forward(self, state, action):
        h1 = torch.relu(self.fc_s(state))
        h2 = torch.relu(self.fc_a(action))
        q = torch.relu(self.fc_q(torch.cat([h1, h2], dim=1)))
        return self.fc_out(q)


class Buffer:
    def __init__(self):
        self.rows = []

    def put(self, row):
        self.rows.append(row)

    def sample(self, n):
        picks = torch.randperm(len(self.rows))[:n].tolist()
        states, actions, rewards = zip(*[self.rows[i] for i in picks])
        return torch.tensor(states), torch.tensor(actions), torch.tensor(rewards)


torch.manual_seed(1)
memory = Buffer()
for t in range(200):
    s = [(t * k % 7) / 7.0 for k in (1, 2, 3)]
    a = [(t % 5) / 5.0]
    memory.put((s, a, [s[0] - a[0]]))

q = QNet()
optimizer = optim.Adam(q.parameters(), lr=1e-2)
for step in range(30):
    s, a, r = memory.sample(32)
    loss = nn.functional.smooth_l1_loss(q(s, a), r)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
