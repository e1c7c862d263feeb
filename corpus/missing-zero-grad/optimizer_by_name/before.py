import argparse

import torch
import torch.nn.functional as F
import torch.optim as optim
from torch import nn

parser = argparse.ArgumentParser(description="Sequence Modeling - sums")
parser.add_argument("--optim", type=str, default="Adam")
parser.add_argument("--lr", type=float, default=4e-3)
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()

torch.manual_seed(1)
X_train = torch.rand(320, 10)
Y_train = (X_train[:, 2] + X_train[:, 7]).unsqueeze(1)

model = nn.Sequential(nn.Linear(10, 30), nn.ReLU(), nn.Linear(30, 1))
optimizer = getattr(optim, args.optim)(model.parameters(), lr=args.lr)


def train(epoch):
    total_loss = 0
    for i in range(0, X_train.size(0), 32):
        x, y = X_train[i : (i + 32)], Y_train[i : (i + 32)]
        output = model(x)
        loss = F.mse_loss(output, y)
        loss.backward()
        optimizer.step()  # bug: missing-zero-grad
        total_loss += loss.item()
    print("epoch {}: {:.4f}".format(epoch, total_loss / 10))


for epoch in range(1, args.epochs + 1):
    train(epoch)
