import torch
from torch import nn, optim

torch.set_num_threads(1)


class TwoTower(nn.Module):
    def __init__(self, n_users, n_items, dim=6):
        super().__init__()
        self.users = nn.Embedding(n_users, dim)
        self.items = nn.Embedding(n_items, dim)
        self.mlp = nn.Sequential(nn.Linear(2 * dim, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, u, i):
        return self.mlp(torch.cat([self.users(u), self.items(i)], dim=-1)).squeeze(-1)


def main():
    n_users, n_items = 30, 40
    taste = torch.randn(n_users, n_items).round()
    model = TwoTower(n_users, n_items)
    tables = list(model.users.parameters()) + list(model.items.parameters())
    optimizers = [
        optim.Adagrad(tables, lr=0.05),
        optim.SGD(model.mlp.parameters(), lr=0.01),
    ]

    for epoch in range(4):
        u = torch.randint(0, n_users, (25, 32))
        i = torch.randint(0, n_items, (25, 32))
        for user, item in zip(u, i):
            rating = taste[user, item]
            loss = nn.functional.mse_loss(model(user, item), rating)
            for opt in optimizers:
                opt.zero_grad()
            loss.backward()
            for opt in optimizers:
                opt.step()
        print(f"epoch {epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    main()
