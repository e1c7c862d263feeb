import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

VOCAB, EVAL_EVERY = 50, 4


class TextClassifier(nn.Module):
    def __init__(self, vocab_size, dim, dropout=0.4):
        super(TextClassifier, self).__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(dim, 2)

    def forward(self, tokens):
        return self.fc(self.dropout(self.embedding(tokens).mean(dim=1)))


def evaluate(model, dataloader):
    model.eval()
    hits = 0
    with torch.no_grad():
        for tokens, labels in dataloader:
            hits += (model(tokens).argmax(dim=-1) == labels).sum().item()
    return hits / len(dataloader.dataset)


def run():
    tokens = torch.randint(0, VOCAB, (480, 12))
    labels = (tokens < 20).sum(dim=1).gt(5).long()
    train_dl = DataLoader(TensorDataset(tokens[:400], labels[:400]), batch_size=40, shuffle=True)
    dev_dl = DataLoader(TensorDataset(tokens[400:], labels[400:]), batch_size=80)

    model = TextClassifier(VOCAB, 32)
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    step = 0
    for epoch in range(3):
        model.train()
        for batch, (tokens_, labels_) in enumerate(train_dl):
            model.train()
            loss = nn.functional.cross_entropy(model(tokens_), labels_)
            opt.zero_grad()
            loss.backward()
            opt.step()
            step += 1
            if step % EVAL_EVERY == 0:
                print("step", step, "loss", loss.item(), "dev", evaluate(model, dev_dl))


run()
