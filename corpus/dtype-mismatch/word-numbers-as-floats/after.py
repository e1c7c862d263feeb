import torch
import torch.nn as nn
import torch.optim as optim

text = "the tea is hot . the ice is cold . the tea is not cold . the ice is not hot . ".split() * 6
word_to_ix = {word: i for i, word in enumerate(sorted(set(text)))}
CONTEXT_SIZE = 2


class NGramLanguageModeler(nn.Module):
    def __init__(self, vocab_size, embedding_dim, context_size):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(context_size * embedding_dim, 32)
        self.linear2 = nn.Linear(32, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).view(1, -1)
        out = torch.relu(self.linear1(embeds))
        return torch.log_softmax(self.linear2(out), dim=1)


def to_tensor(words):
    return torch.tensor([word_to_ix[w] for w in words], dtype=torch.long)


torch.manual_seed(1)
trigrams = [(text[i:i + 2], text[i + 2]) for i in range(len(text) - 2)]
loss_function = nn.NLLLoss()
model = NGramLanguageModeler(len(word_to_ix), 10, CONTEXT_SIZE)
optimizer = optim.SGD(model.parameters(), lr=0.05)

for epoch in range(4):
    total_loss = 0
    for context, target in trigrams:
        model.zero_grad()
        log_probs = model(to_tensor(context))
        loss = loss_function(log_probs, torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    print(epoch, total_loss)
