# Integers into an Embedding, then floats into the layers behind it.
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.embedding = nn.Embedding(words, 8)
        self.rnn = nn.GRU(8, 12, batch_first=True)
        self.out = nn.Linear(12, tags)

    def forward(self, x):
        x = self.embedding(x)
        x, _ = self.rnn(x)
        return self.out(x[:, -1])


x = torch.randint(0, 50, (30, 7))
y = torch.randint(0, 4, (30,))
model = Tagger(50, 4)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
