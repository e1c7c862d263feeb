# The module clears, not the optimizer: the optimizer holds exactly the module's parameters.
import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.embeddings = nn.Embedding(words, 6)
        self.lstm = nn.LSTM(6, 6)
        self.hidden2tag = nn.Linear(6, tags)

    def forward(self, sentence):
        out, _ = self.lstm(self.embeddings(sentence).view(len(sentence), 1, -1))
        return nn.functional.log_softmax(self.hidden2tag(out.view(len(sentence), -1)), dim=1)


model = Tagger(9, 3)
loss_function = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
corpus = [(torch.randint(0, 9, (5,)), torch.randint(0, 3, (5,))) for _ in range(8)]
for epoch in range(10):
    for sentence, tags in corpus:
        model.zero_grad(set_to_none=True)
        loss = loss_function(model(sentence), tags)
        loss.backward()
        optimizer.step()
