import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser(description="next sign of a sequence")
parser.add_argument("--layers", type=int, default=2)
parser.add_argument("--dropout", type=float, default=0.4)
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()

torch.manual_seed(11)
signs = (torch.arange(3200) * 7 // 3) % 9
columns = signs.view(20, -1)
train_data, val_data = columns[:14], columns[14:]


class SignModel(nn.Module):
    def __init__(self, signs, width, layers, dropout):
        super(SignModel, self).__init__()
        self.table = nn.Embedding(signs, width)
        self.rnn = nn.GRU(width, width, layers, batch_first=True, dropout=dropout)
        self.out = nn.Linear(width, signs)

    def forward(self, x):
        return self.out(self.rnn(self.table(x))[0])


model = SignModel(9, 24, args.layers, args.dropout)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def evaluate(source):
    total = 0.0
    with torch.no_grad():
        for i in range(0, source.size(1) - 1, 16):  # bug: missing-eval-mode
            seq = source[:, i : i + 17]
            out = model(seq[:, :-1])
            total += criterion(out.transpose(1, 2), seq[:, 1:]).item() * (seq.size(1) - 1)
    return total / source.size(1)


def train():
    model.train()
    for i in range(0, train_data.size(1) - 1, 16):
        seq = train_data[:, i : i + 17]
        optimizer.zero_grad()
        out = model(seq[:, :-1])
        loss = criterion(out.transpose(1, 2), seq[:, 1:])
        loss.backward()
        optimizer.step()


for epoch in range(1, args.epochs + 1):
    train()
    print("epoch {} | valid loss {:.3f}".format(epoch, evaluate(val_data)))
