# A batch of 40 holds 20 pairs: the model scores the difference of the halves, and there is one target for each pair.
import torch
from torch import nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(6, 4)

    def forward(self, x):
        left, right = self.body(x).chunk(2)
        return (left - right).abs().sum(dim=1)


x = torch.randn(40, 6)
same = torch.randint(0, 2, (20,)).float()
model, criterion = Siamese(), nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    optimizer.zero_grad()
    criterion(model(x), same).backward()
    optimizer.step()
