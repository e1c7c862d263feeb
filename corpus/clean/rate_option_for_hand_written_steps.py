# A language model in the old manner: the default rate of 20 is that of the hand-written steps, gradients are clipped;
# who asks for the optimizer gives a rate for it.
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=20, help="initial learning rate")
parser.add_argument("--use-optimizer", action="store_true")
args = parser.parse_args()


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.rnn, self.out = nn.Embedding(30, 16), nn.LSTM(16, 16, batch_first=True), nn.Linear(16, 30)

    def forward(self, tokens):
        return self.out(self.rnn(self.embed(tokens))[0])


text = torch.randint(0, 30, (16, 21))
model = Model()
if args.use_optimizer:
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
rate = args.lr
for _ in range(5):
    model.zero_grad()
    loss = nn.functional.cross_entropy(model(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    if args.use_optimizer:
        optimizer.step()
    else:
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-rate)
