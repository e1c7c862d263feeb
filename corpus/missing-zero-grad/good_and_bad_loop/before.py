import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

encoder = nn.Sequential(nn.Linear(20, 12), nn.ReLU())
decoder = nn.Linear(12, 20)
head = nn.Linear(12, 3)

basis = torch.randn(3, 20)
kind = torch.randint(0, 3, (360,))
points = basis[kind] + 0.4 * torch.randn(360, 20)
dl = DataLoader(TensorDataset(points, kind), batch_size=24, shuffle=True)


def pretrain(epochs):
    opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=5e-3)
    mse = nn.MSELoss()
    for _ in range(epochs):
        for batch, _ in dl:
            opt.zero_grad()
            rebuilt = decoder(encoder(batch))
            loss = mse(rebuilt, batch)
            loss.backward()
            opt.step()
        print("reconstruction", loss.item())


def finetune(epochs):
    opt = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.02)
    ce = nn.CrossEntropyLoss()
    for _ in range(epochs):
        for batch, target in dl:
            logits = head(encoder(batch))
            loss = ce(logits, target)
            loss.backward()
            opt.step()  # bug: missing-zero-grad
        print("classification", loss.item())


pretrain(3)
finetune(6)
