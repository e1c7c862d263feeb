import torch
from torch import nn

torch.manual_seed(9)


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, 16)
        self.head = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, tokens):
        return self.head(self.embed(tokens).mean(dim=1))


tokens = torch.randint(0, 50, (600, 12))
labels = (tokens < 10).sum(dim=1).gt(2).long()

model = Model(50)
optimizer = torch.optim.Adam(
    [
        {"params": model.embed.parameters()},
        {"params": model.head.parameters(), "lr": 0.001},
    ],
    lr=1e-3,
)

model.train()
for step in range(150):
    rows = torch.randint(0, 600, (50,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(tokens[rows]), labels[rows])
    loss.backward()
    optimizer.step()
print("done", loss.item())
