# Monte Carlo dropout: the test set is predicted several times with dropout on, to see how far the predictions differ.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.rand(200, 1) * 6
y = torch.sin(x)
train_loader = DataLoader(TensorDataset(x[:160], y[:160]), batch_size=32, shuffle=True)
test_loader = DataLoader(TensorDataset(x[160:], y[160:]), batch_size=40)
net = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)


def mc_predict(model, loader, passes=20):
    model.train()  # dropout stays on
    means, stds = [], []
    with torch.no_grad():
        for inputs, _ in loader:
            draws = torch.stack([model(inputs) for _ in range(passes)])
            means.append(draws.mean(0))
            stds.append(draws.std(0))
    return torch.cat(means), torch.cat(stds)


for epoch in range(5):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(inputs), targets).backward()
        optimizer.step()

mean, std = mc_predict(net, test_loader)
print(mean.shape, std.mean().item())
