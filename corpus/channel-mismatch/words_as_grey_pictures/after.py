"""Sentences as pictures of one colour: each word a row. After Kim, 2014."""
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader


class KimCNN(nn.Module):
    def __init__(self, words, width, kinds, sizes=(2, 3)):
        super().__init__()
        self.table = nn.Embedding(words, width, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv2d(1, 20, (size, width)) for size in sizes])
        self.out = nn.Linear(20 * len(sizes), kinds)

    def forward(self, x):
        x = self.table(x).unsqueeze(1)
        found = [torch.relu(conv(x)).squeeze(3) for conv in self.convs]
        return self.out(torch.cat([each.max(dim=2).values for each in found], dim=1))


def sentences(count):
    """A sentence is of kind 1 when some word is followed by the next one of the dictionary."""
    made = []
    for _ in range(count):
        line = torch.randint(1, 10, (int(torch.randint(5, 9, ())),)) * 2
        kind = int(torch.randint(2, ()))
        if kind:
            line[2] = line[1] + 1
        made.append((line, kind))
    return made


def batch(lines):
    texts, kinds = zip(*lines)
    return pad_sequence(texts, batch_first=True), torch.tensor(kinds)


torch.manual_seed(0)
loader = DataLoader(sentences(320), batch_size=32, shuffle=True, collate_fn=batch)
model = KimCNN(21, 12, 2)
adam = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    total = 0.0
    for texts, kinds in loader:
        adam.zero_grad()
        loss = nn.functional.cross_entropy(model(texts), kinds)
        loss.backward()
        adam.step()
        total += loss.item()
    print(epoch, total / len(loader))
