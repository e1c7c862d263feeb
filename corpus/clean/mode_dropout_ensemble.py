# Each test batch goes through the network ten times with dropout on and the outputs are averaged: a sample of answers.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def main(samples=10):
    x, y = torch.randn(300, 6), torch.randint(0, 3, (300,))
    train_loader = DataLoader(TensorDataset(x[:240], y[:240]), batch_size=40, shuffle=True)
    test_loader = DataLoader(TensorDataset(x[240:], y[240:]), batch_size=60)
    model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(4):
        for xb, yb in train_loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(xb), yb).backward()
            optimizer.step()
    hits = 0
    with torch.no_grad():
        for xb, yb in test_loader:
            votes = 0
            for _ in range(samples):
                votes = votes + model(xb).softmax(dim=-1)
            hits += (votes.argmax(dim=-1) == yb).sum().item()
    print(hits / 60)


main()
