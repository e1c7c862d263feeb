# One function for both: model.train(flag) switches either way.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

x, y = torch.randn(260, 7), torch.randint(0, 3, (260,))
loaders = {
    "train": DataLoader(TensorDataset(x[:200], y[:200]), batch_size=40, shuffle=True),
    "val": DataLoader(TensorDataset(x[200:], y[200:]), batch_size=60),
}
model = nn.Sequential(nn.Linear(7, 24), nn.ReLU(), nn.Dropout(0.4), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def run_epoch(phase):
    training = phase == "train"
    model.train(training)
    total = 0.0
    with torch.set_grad_enabled(training):
        for xb, yb in loaders[phase]:
            loss = nn.functional.cross_entropy(model(xb), yb)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item()
    return total


for epoch in range(4):
    print(epoch, run_epoch("train"), run_epoch("val"))
