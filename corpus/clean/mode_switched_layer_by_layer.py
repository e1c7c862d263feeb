# Only the dropout layers are switched, one by one: the rest of the model is meant to stay as it is.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

x, y = torch.randn(150, 5), torch.randint(0, 2, (150,))
train_loader = DataLoader(TensorDataset(x[:120], y[:120]), batch_size=24, shuffle=True)
test_loader = DataLoader(TensorDataset(x[120:], y[120:]), batch_size=30)
model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def switch_dropout(on):
    for layer in model.modules():
        if isinstance(layer, nn.Dropout):
            layer.train(on)


for epoch in range(3):
    switch_dropout(True)
    for xb, yb in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb), yb).backward()
        optimizer.step()
    switch_dropout(False)
    with torch.no_grad():
        for xb, yb in test_loader:
            print(epoch, (model(xb).argmax(1) == yb).float().mean().item())
