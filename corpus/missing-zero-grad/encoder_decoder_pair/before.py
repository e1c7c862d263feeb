import torch
import torch.nn as nn
from torch import optim

SOS, VOCAB, HIDDEN = 0, 9, 16


class EncoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, HIDDEN)
        self.gru = nn.GRU(HIDDEN, HIDDEN, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.embedding(tokens))


class DecoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, HIDDEN)
        self.gru = nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, VOCAB)

    def forward(self, tokens, hidden):
        states, hidden = self.gru(self.embedding(tokens), hidden)
        return self.out(states), hidden


def train_pair(source, target, encoder, decoder, encoder_optimizer, decoder_optimizer, criterion):
    _, hidden = encoder(source)
    start = torch.full((len(target), 1), SOS)
    scores, _ = decoder(torch.cat([start, target[:, :-1]], dim=1), hidden)
    loss = criterion(scores.transpose(1, 2), target)

    loss.backward()

    encoder_optimizer.step()  # bug: missing-zero-grad
    decoder_optimizer.step()  # bug: missing-zero-grad
    return loss.item()


def train_iters(encoder, decoder, n_iters, print_every=40, learning_rate=0.02):
    encoder_optimizer = optim.SGD(encoder.parameters(), lr=learning_rate)
    decoder_optimizer = optim.SGD(decoder.parameters(), lr=learning_rate)
    criterion = nn.CrossEntropyLoss()
    total = 0.0
    for it in range(1, n_iters + 1):
        source = torch.randint(1, VOCAB, (16, 5))
        total += train_pair(source, source.flip(1), encoder, decoder, encoder_optimizer, decoder_optimizer, criterion)
        if it % print_every == 0:
            print(it, total / print_every)
            total = 0.0


train_iters(EncoderRNN(), DecoderRNN(), 120)
