import torch


class Ranker(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inp = torch.nn.Linear(10, width)
        self.mid = torch.nn.Linear(width, width)
        self.head = torch.nn.Linear(width, 3)

    def features(self, x):
        h = self.inp(x)
        h = h.relu()
        h = self.mid(h)
        return h.relu()

    def forward(self, x):
        return self.head(self.features(x))


gen = torch.Generator().manual_seed(11)
data = torch.randn(300, 10, generator=gen)
target = data[:, :3].argmax(dim=1)

ranker = Ranker(50)
optim = torch.optim.SGD(ranker.parameters(), lr=0.2)
for step in range(150):
    logits = ranker(data)
    loss = torch.nn.functional.cross_entropy(logits, target)
    optim.zero_grad()
    loss.backward()
    optim.step()
    if not step % 30:
        print(f"{step:4d} {loss:.4f}")
