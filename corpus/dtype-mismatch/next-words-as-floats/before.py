# %%
import torch
import torch.nn as nn
import torch.optim as optim

sentences = ["i like dog", "i love coffee", "i hate milk"]
word_list = sorted(set(" ".join(sentences).split()))
word_dict = {w: i for i, w in enumerate(word_list)}
n_class = len(word_dict)


def make_batch():
    input_batch = []
    target_batch = []
    for sen in sentences:
        word = sen.split()
        input_batch.append([word_dict[n] for n in word[:-1]])
        target_batch.append(word_dict[word[-1]])
    return input_batch, target_batch


# %%
class NNLM(nn.Module):
    def __init__(self, n_step=2, m=4, n_hidden=6):
        super().__init__()
        self.C = nn.Embedding(n_class, m)
        self.H = nn.Linear(n_step * m, n_hidden)
        self.U = nn.Linear(n_hidden, n_class)

    def forward(self, X):
        X = self.C(X).view(len(X), -1)
        return self.U(torch.tanh(self.H(X)))


# %%
torch.manual_seed(0)
model = NNLM()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.01)

input_batch, target_batch = make_batch()
input_batch = torch.LongTensor(input_batch)
target_batch = torch.FloatTensor(target_batch)  # bug: dtype-mismatch

for epoch in range(100):
    optimizer.zero_grad()
    loss = criterion(model(input_batch), target_batch)
    if epoch % 20 == 0:
        print("Epoch:", "%04d" % epoch, "cost =", "{:.6f}".format(loss.item()))
    loss.backward()
    optimizer.step()
