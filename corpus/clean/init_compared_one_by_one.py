# A comparison of initialisations: bad ones are tried on purpose, each handed to the same function in turn.
import torch
from torch import nn
from torch.nn import init
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
inputs = torch.randn(256, 64)
targets = (inputs[:, 0] + inputs[:, 1] > 0).float().unsqueeze(1)
loader = DataLoader(TensorDataset(inputs, targets), batch_size=32, shuffle=True)


def final_loss(name, fill, epochs=3):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1))
    for layer in model:
        if isinstance(layer, nn.Linear):
            fill(layer.weight)
            init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    criterion = nn.BCEWithLogitsLoss()
    for _ in range(epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
    print(f"{name:>8}: {total / len(loader):.4f}")


final_loss("zeros", lambda w: init.zeros_(w))
final_loss("narrow", lambda w: init.normal_(w, std=0.001))
final_loss("wide", lambda w: init.normal_(w, std=1.0))
final_loss("he", lambda w: init.kaiming_normal_(w, nonlinearity="relu"))
