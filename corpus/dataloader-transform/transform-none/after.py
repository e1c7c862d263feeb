import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loaders(batch_size=10):
    x = torch.linspace(-1, 1, 100).unsqueeze(1)
    y = 3 * x - 0.5 + 0.01 * torch.randn_like(x)
    train = TensorDataset(x[::2], y[::2])
    test = TensorDataset(x[1::2], y[1::2])
    return (
        DataLoader(train, batch_size=batch_size, shuffle=True),
        DataLoader(test, batch_size=batch_size),
    )


torch.manual_seed(0)
train_loader, test_loader = make_loaders()
w = torch.nn.Linear(1, 1)
optim = torch.optim.SGD(w.parameters(), lr=0.1)
for _ in range(8):
    for inputs, targets in train_loader:
        optim.zero_grad()
        torch.nn.functional.mse_loss(w(inputs), targets).backward()
        optim.step()
with torch.no_grad():
    print(sum(torch.nn.functional.mse_loss(w(a), b).item() for a, b in test_loader) / len(test_loader))
