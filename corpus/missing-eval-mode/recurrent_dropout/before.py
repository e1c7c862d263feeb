import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Tagger(nn.Module):
    def __init__(self, n_tokens: int, hidden: int, n_tags: int, dropout: float = 0.3):
        super().__init__()
        self.emb = nn.Embedding(n_tokens, hidden)
        self.rnn = nn.LSTM(hidden, hidden, num_layers=2, dropout=dropout, batch_first=True)
        self.out = nn.Linear(hidden, n_tags)

    def forward(self, tokens):
        states, _ = self.rnn(self.emb(tokens))
        return self.out(states).transpose(1, 2)


@torch.no_grad()
def score(tagger, batches) -> float:
    right = total = 0
    for tokens, tags in batches:  # bug: missing-eval-mode
        guess = tagger(tokens).argmax(dim=1)
        right += (guess == tags).sum().item()
        total += tags.numel()
    return right / total


def learn(tagger, batches, optimizer, criterion):
    tagger.train()
    for tokens, tags in batches:
        optimizer.zero_grad()
        criterion(tagger(tokens), tags).backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()


def main(epochs: int = 4) -> None:
    torch.manual_seed(7)
    tokens = torch.randint(0, 20, (260, 10))
    tags = (tokens + tokens.roll(1, dims=1)) % 3
    train_batches = DataLoader(TensorDataset(tokens[:200], tags[:200]), batch_size=20, shuffle=True)
    dev_batches = DataLoader(TensorDataset(tokens[200:], tags[200:]), batch_size=30)
    tagger = Tagger(20, 24, 3)
    optimizer = torch.optim.Adam(tagger.parameters(), lr=0.01)
    for epoch in range(epochs):
        learn(tagger, train_batches, optimizer, nn.CrossEntropyLoss())
        print(epoch, score(tagger, dev_batches))


main()
