# Sentences of different lengths cannot be stacked; each is a batch of its own.
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.rnn, self.out = nn.Embedding(30, 8), nn.GRU(8, 12, batch_first=True), nn.Linear(12, 2)

    def forward(self, words):
        return self.out(self.rnn(self.embed(words.unsqueeze(0)))[1][-1])


sentences = [torch.randint(0, 30, (3 + n % 7,)) for n in range(80)]
labels = torch.stack([(s < 5).any().long() for s in sentences])
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for i in range(len(sentences)):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(sentences[i]), labels[i].unsqueeze(0))
    loss.backward()
    optimizer.step()
