# The test data are read twenty times with dropout on, and the answers averaged: an ensemble of thinned networks.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x, y = torch.randn(300, 6), torch.randint(0, 2, (300,))
train_loader = DataLoader(TensorDataset(x[:200], y[:200]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(x[200:], y[200:]), batch_size=20)
net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()
with torch.no_grad():
    rounds = []
    for _ in range(20):
        rounds.append(torch.cat([net(inputs).softmax(1) for inputs, _ in test_loader]))
        for inputs, _ in test_loader:
            net(inputs)
    print(torch.stack(rounds).mean(0).argmax(1))
