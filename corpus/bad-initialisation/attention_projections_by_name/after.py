import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        # queries, keys and values in one matrix
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self._reset_parameters()

    def _reset_parameters(self):
        nn.init.xavier_uniform_(self.qkv.weight)
        self.qkv.bias.data.fill_(0)
        nn.init.xavier_uniform_(self.out.weight)
        self.out.bias.data.fill_(0)

    def forward(self, x):
        n, length, width = x.shape
        qkv = self.qkv(x).reshape(n, length, self.heads, 3 * width // self.heads).permute(0, 2, 1, 3)
        q, k, v = qkv.chunk(3, dim=-1)
        weights = F.softmax(q @ k.transpose(-2, -1) / math.sqrt(q.size(-1)), dim=-1)
        return self.out((weights @ v).permute(0, 2, 1, 3).reshape(n, length, width))


class Tagger(nn.Module):

    def __init__(self, words=12, width=16):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.attend = SelfAttention(width, heads=2)
        self.tag = nn.Linear(width, words)

    def forward(self, tokens):
        return self.tag(self.attend(self.embed(tokens)))


torch.manual_seed(1)
tokens = torch.randint(12, (400, 6))
targets = tokens.max(dim=1, keepdim=True).values.expand(-1, 6)  # the largest number of the line

model = Tagger()
optim = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(12):
    for idx in torch.randperm(400).split(40):
        logits = model(tokens[idx])
        loss = F.cross_entropy(logits.flatten(0, 1), targets[idx].flatten())
        optim.zero_grad()
        loss.backward()
        optim.step()
    print(f'{epoch:2d} {loss.item():.3f}')
