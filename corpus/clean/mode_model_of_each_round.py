# Every seed has a network of its own, chosen by name: the `eval()` at the end of a round concerns no later one.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

kind = "deep"
torch.manual_seed(0)
x = torch.randn(200, 10)
y = (x.sum(1) > 0).long()
train_iter = DataLoader(TensorDataset(x[:150], y[:150]), batch_size=25, shuffle=True)
test_iter = DataLoader(TensorDataset(x[150:], y[150:]), batch_size=25)

accuracies = []
for seed in (0, 1, 2):
    torch.manual_seed(seed)
    if kind == "flat":
        net = nn.Sequential(nn.Linear(10, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
    elif kind == "deep":
        net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    loss_fn = nn.CrossEntropyLoss()

    for epoch in range(2):
        for xb, yb in train_iter:
            loss = loss_fn(net(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    with torch.no_grad():
        net.eval()
        hits = sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in test_iter)
    accuracies.append(hits / 50)

print("accuracy of each seed:", accuracies)
