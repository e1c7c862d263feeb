import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

parser = argparse.ArgumentParser(description="The adding problem")
parser.add_argument("--batch_size", type=int, default=16)
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--seq_len", type=int, default=12)
args = parser.parse_args()
torch.manual_seed(1111)


def data_generator(n, length):
    numbers = torch.rand(n, length)
    chosen = torch.zeros(n, length)
    chosen[:, 2] = 1
    chosen[:, -3] = 1
    return torch.cat((numbers, chosen), dim=1), (numbers * chosen).sum(1, keepdim=True)


X_train, Y_train = data_generator(200, args.seq_len)
X_test, Y_test = data_generator(50, args.seq_len)
model = nn.Sequential(nn.Linear(2 * args.seq_len, 20), nn.ReLU(), nn.Linear(20, 1))
optimizer = optim.Adam(model.parameters(), lr=0.01)


def train(epoch):
    model.train()
    total_loss = 0
    for i in range(0, X_train.size(0), args.batch_size):
        if i + args.batch_size > X_train.size(0):
            x, y = X_train[i:], Y_train[i:]
        else:
            x, y = X_train[i : i + args.batch_size], Y_train[i + 1 : i + args.batch_size]  # bug: misaligned-split
        optimizer.zero_grad()
        loss = F.l1_loss(model(x), y)
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    print("Train Epoch: {:2d}\tLoss: {:.6f}".format(epoch, total_loss))


def evaluate():
    model.eval()
    with torch.no_grad():
        print("Test set: {:.6f}".format(F.l1_loss(model(X_test), Y_test).item()))


for ep in range(1, args.epochs + 1):
    train(ep)
    evaluate()
