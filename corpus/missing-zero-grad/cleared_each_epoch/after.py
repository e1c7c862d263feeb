import random

import torch
import torch.nn as nn
import torch.optim as optim

# character-level next-letter prediction on a made-up language
random.seed(1)
alphabet = "abcdef"
text = "".join(random.choice(["abc", "def", "fed", "aab"]) for _ in range(400))
codes = torch.tensor([alphabet.index(c) for c in text])


class CharLSTM(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embed = nn.Embedding(vocab, 8)
        self.lstm = nn.LSTM(8, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, tokens):
        out, _ = self.lstm(self.embed(tokens))
        return self.head(out)


model = CharLSTM(len(alphabet), 24)
optimizer = optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
seq_len, batch = 12, 10

for epoch in range(4):
    optimizer.zero_grad()
    epoch_loss = 0.0
    for _ in range(25):
        starts = torch.randint(0, len(codes) - seq_len - 1, (batch,))
        x = torch.stack([codes[s : s + seq_len] for s in starts])
        y = torch.stack([codes[s + 1 : s + seq_len + 1] for s in starts])
        scores = model(x)
        loss = loss_fn(scores.reshape(-1, len(alphabet)), y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        epoch_loss += loss.item()
    print("epoch", epoch, "loss", epoch_loss / 25)
