import torch
import torch.nn as nn

VOCAB = 30
torch.manual_seed(0)


class NextToken(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 16)
        self.rnn = nn.GRU(16, 24, batch_first=True)
        self.fc = nn.Linear(24, VOCAB)

    def forward(self, x):
        x = self.emb(x)
        x, h = self.rnn(x)
        return self.fc(x)


# a language in which every word is followed by the next one
starts = torch.randint(0, VOCAB, (64, 1))
text = (starts + torch.arange(9)) % VOCAB
inputs, targets = text[:, :-1], text[:, 1:]

lm = NextToken()
optimizer = torch.optim.Adam(lm.parameters(), lr=0.01)
for step in range(30):
    logits = lm(inputs)
    loss = nn.functional.cross_entropy(logits.reshape(-1, VOCAB), targets.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 9:
        print(step, loss.item())
