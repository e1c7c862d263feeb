import torch
import torch.nn as nn
import torch.nn.functional as F


class Recommender(nn.Module):
    def __init__(self, features=16, hidden=48):
        super().__init__()
        self.lower = nn.Linear(features, hidden)
        self.upper = nn.Linear(hidden, 1)

    def forward(self, x):
        x = F.dropout(F.relu(self.lower(x)), 0.4, training=self.training)
        return self.upper(x).squeeze(1)

    def score(self, rows, batch=100):
        """All rows, piece by piece."""
        return torch.cat([self(rows[i : i + batch]) for i in range(0, len(rows), batch)])


torch.manual_seed(3)
x = torch.randn(800, 16)
liked = (x[:, 0] * x[:, 1] + x[:, 2] > 0).float()
recommender = Recommender()
optimizer = torch.optim.Adam(recommender.parameters(), lr=0.003)


def train():
    for rows in torch.randperm(600).split(40):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(recommender(x[rows]), liked[rows])
        loss.backward()
        optimizer.step()


@torch.no_grad()
def test():
    recommender.eval()  # bug: missing-train-mode
    return ((recommender.score(x[600:]) > 0).float() == liked[600:]).float().mean().item()


for epoch in range(1, 9):
    train()
    print(epoch, test())
