# The dropout of an LSTM works between its layers: this one has a single layer, so that its mode makes no difference.
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(6, 12, num_layers=1, batch_first=True)
        self.out = nn.Linear(12, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


data = torch.randn(90, 5, 6)
label = (data.sum((1, 2)) > 0).long()
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def evaluate(source, target):
    right = 0
    with torch.no_grad():
        for i in range(0, source.size(0), 10):
            right += (model(source[i : i + 10]).argmax(1) == target[i : i + 10]).sum().item()
    return right / len(source)


for epoch in range(3):
    model.train()
    for i in range(0, 60, 10):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(data[i : i + 10]), label[i : i + 10]).backward()
        optimizer.step()
    print(epoch, evaluate(data[60:], label[60:]))
