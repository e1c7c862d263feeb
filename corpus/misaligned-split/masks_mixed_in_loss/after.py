"""Node classification on a ring: all nodes go through the network, the loss looks at the training nodes."""

import torch
import torch.nn.functional as F


class Graph:
    def __init__(self, n=120):
        g = torch.Generator().manual_seed(3)
        self.x = torch.randn(n, 6, generator=g)
        self.y = (self.x[:, 0] + self.x[:, 1] > 0).long()
        self.adj = torch.eye(n) + torch.eye(n).roll(1, 0) + torch.eye(n).roll(-1, 0)
        self.adj = self.adj / 3
        self.train_mask = torch.arange(n) < n // 2
        self.test_mask = ~self.train_mask


class GCN(torch.nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.lin1 = torch.nn.Linear(6, hidden)
        self.lin2 = torch.nn.Linear(hidden, 2)

    def forward(self, x, adj):
        x = F.relu(self.lin1(x))
        return self.lin2(x)


torch.manual_seed(0)
data = Graph()
model = GCN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)


def train():
    model.train()
    optimizer.zero_grad()
    out = model(data.x, data.adj)
    loss = F.cross_entropy(out[data.train_mask], data.y[data.train_mask])
    loss.backward()
    optimizer.step()
    return float(loss)


@torch.no_grad()
def test():
    model.eval()
    pred = model(data.x, data.adj).argmax(dim=-1)
    hits = pred[data.test_mask] == data.y[data.test_mask]
    return int(hits.sum()) / int(data.test_mask.sum())


for epoch in range(60):
    loss = train()
print(f"loss {loss:.3f}, test accuracy {test():.2f}")
