import torch
from torch import nn

torch.manual_seed(3)
bptt = 8
text = torch.arange(600) * 7 % 11  # a sequence that can be learnt
train_data, heldout = text[:480], text[480:]


class Predictor(nn.Module):
    def __init__(self, tokens, hidden=24):
        super().__init__()
        self.embed = nn.Embedding(tokens, hidden)
        self.rnn = nn.GRU(hidden, hidden)
        self.decode = nn.Linear(hidden, tokens)

    def forward(self, tokens, state):
        out, state = self.rnn(self.embed(tokens).unsqueeze(1), state)
        return self.decode(out).squeeze(1), state


net = Predictor(11)
loss_fn = nn.CrossEntropyLoss()
adam = torch.optim.Adam(net.parameters(), lr=0.01)


def evaluate(source):
    net.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for start in range(0, source.size(0) - 1 - bptt, bptt):
            logits, state = net(source[start : start + bptt], state)
            total += loss_fn(logits, source[start + 1 : start + 1 + bptt]).item()
    return total


for epoch in range(3):
    net.train()
    for start in range(0, train_data.size(0) - 1 - bptt, bptt):
        adam.zero_grad()
        logits, _ = net(train_data[start : start + bptt], None)
        loss = loss_fn(logits, train_data[start + 1 : start + 1 + bptt])
        loss.backward()
        adam.step()
    print(f"epoch {epoch} | held out {evaluate(heldout):.3f}")
