import torch
import torch.nn as nn
import torch.nn.functional as F


class Tagger(nn.Module):
    def __init__(self, n_words, n_tags, width=12):
        super().__init__()
        self.embedding = nn.Embedding(n_words, width)
        self.rnn = nn.GRU(width, width, batch_first=True)
        self.out = nn.Linear(width, n_tags)

    def forward(self, words):
        states, _ = self.rnn(self.embedding(words))
        return self.out(states)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.schedule = torch.optim.lr_scheduler.StepLR(self.opt, step_size=2, gamma=0.5)
        self.history = []

    def run(self, sentences, tags, epochs, batch_size=16):
        for epoch in range(epochs):
            order = torch.randperm(len(sentences))
            for chunk in order.split(batch_size):
                self.opt.zero_grad()
                scores = self.model(sentences[chunk])
                loss = F.cross_entropy(scores.transpose(1, 2), tags[chunk])
                loss.backward()
                self.opt.step()
                self.history.append(loss.item())
            self.schedule.step()
            print(f"{epoch}: {sum(self.history[-10:]) / 10:.3f}")


torch.manual_seed(1)
sentences = torch.randint(0, 20, (160, 7))
tags = sentences % 4
Trainer(Tagger(20, 4), lr=2e-2).run(sentences, tags, epochs=5)
