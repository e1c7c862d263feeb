# K-fold: the index arrays are made by hand, the same one picks inputs and targets.
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

X = torch.randn(120, 5)
y = X.sum(dim=1, keepdim=True)
folds = np.array_split(np.random.permutation(120), 4)

for k in range(4):
    val_idx = torch.as_tensor(folds[k])
    train_idx = torch.as_tensor(np.concatenate([f for j, f in enumerate(folds) if j != k]))
    train_set = TensorDataset(X[train_idx], y[train_idx])
    X_val, y_val = X[val_idx], y[val_idx]

    model = torch.nn.Linear(5, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for xb, yb in DataLoader(train_set, batch_size=30, shuffle=True):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(xb), yb).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(k, torch.nn.functional.mse_loss(model(X_val), y_val).item())
