# 20 sequences of 6 tokens give 120 predictions, one for each of the 120 targets.
import torch
from torch import nn


class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(30, 8)
        self.out = nn.Linear(8, 30)

    def forward(self, tokens):
        return self.out(self.embed(tokens)).view(-1, 30)


tokens = torch.randint(0, 30, (20, 6))
following = torch.randint(0, 30, (120,))
model, criterion = Language(), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    optimizer.zero_grad()
    criterion(model(tokens), following).backward()
    optimizer.step()
