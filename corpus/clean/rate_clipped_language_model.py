# Plain SGD at 20 with gradients clipped to a quarter, as recurrent language models are trained.
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.rnn, self.out = nn.Embedding(30, 16), nn.LSTM(16, 16, batch_first=True), nn.Linear(16, 30)

    def forward(self, tokens):
        return self.out(self.rnn(self.embed(tokens))[0])


text = torch.randint(0, 30, (16, 21))
model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=20)
for _ in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    optimizer.step()
