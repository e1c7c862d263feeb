import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(440, 12)
Y = (X[:, 0] - X[:, 1] * X[:, 2] > 0).long()
train_dl = DataLoader(TensorDataset(X[:360], Y[:360]), batch_size=36, shuffle=True)
val_dl = DataLoader(TensorDataset(X[360:], Y[360:]), batch_size=80)

net = nn.Sequential(
    nn.Linear(12, 64),
    nn.BatchNorm1d(64),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.Linear(64, 2),
)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(6):
    for xb, yb in train_dl:
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()

    # accuracy on the validation set
    hits = 0
    with torch.no_grad():
        for xb, yb in val_dl:  # bug: missing-eval-mode
            hits += (net(xb).argmax(1) == yb).sum().item()
    print(epoch, loss.item(), hits / 80)
