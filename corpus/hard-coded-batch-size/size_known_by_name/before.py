import argparse

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description="Autoencoder on small pictures")
parser.add_argument("--batch-size", type=int, default=48)
parser.add_argument("--epochs", type=int, default=2)
args = parser.parse_args()

torch.manual_seed(0)
pictures = torch.rand(500, 1, 8, 8)
train_loader = DataLoader(TensorDataset(pictures), batch_size=args.batch_size, shuffle=True)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 16)
        self.fc2 = nn.Linear(16, 64)

    def encode(self, x):
        return F.relu(self.fc1(x))

    def decode(self, z):
        return torch.sigmoid(self.fc2(z))

    def forward(self, x):
        return self.decode(self.encode(x.view(args.batch_size, 64)))  # bug: hard-coded-batch-size


model = Autoencoder()
optimizer = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(args.epochs):
    total = 0.0
    for (data,) in train_loader:
        optimizer.zero_grad()
        loss = F.mse_loss(model(data), data.view(-1, 64))
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(epoch, total / len(train_loader))
