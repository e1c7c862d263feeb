import torch
import torch.nn.functional as F
from torch import nn


def load(count):
    x = torch.randn(count, 4)
    return [(row, int(row[0] > 0)) for row in x]


def collect(rows):
    xs, ys = zip(*rows)
    return torch.stack(xs), ys


def run_epoch(model, rows, optimizer, size=16):
    hits = 0
    for start in range(0, len(rows), size):
        x, y = collect(rows[start:start + size])
        labels = torch.FloatTensor(y).long()
        out = model(x)
        loss = F.cross_entropy(out, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        pred = out.argmax(dim=1)
        hits += (pred == labels).sum().item()
    return hits / len(rows)


def main():
    torch.manual_seed(5)
    rows = load(96)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(4):
        print(epoch, run_epoch(model, rows, optimizer))


main()
