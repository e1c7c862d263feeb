import copy

import torch
from torch.nn import BatchNorm1d, Linear, MSELoss, ReLU, Sequential
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset


def fit(net, train_data, val_data, patience=3, max_epochs=8):
    optimiser, criterion = SGD(net.parameters(), lr=0.05), MSELoss()
    trn, val = DataLoader(train_data, 25, shuffle=True), DataLoader(val_data, 50)
    best, best_state, waited, epoch = float("inf"), None, 0, 0
    while epoch < max_epochs and waited < patience:
        for xb, yb in trn:
            optimiser.zero_grad()
            criterion(net(xb), yb).backward()
            optimiser.step()

        # how good is it?
        net.eval()  # bug: missing-train-mode
        with torch.no_grad():
            score = sum(criterion(net(xb), yb).item() for xb, yb in val)
        if score < best:
            best, best_state, waited = score, copy.deepcopy(net.state_dict()), 0
        else:
            waited += 1
        epoch += 1
    net.load_state_dict(best_state)
    return best


x = torch.randn(300, 5)
y = (x**2).sum(dim=1, keepdim=True)
net = Sequential(Linear(5, 32), BatchNorm1d(32), ReLU(), Linear(32, 1))
print(fit(net, TensorDataset(x[:250], y[:250]), TensorDataset(x[250:], y[250:])))
