import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

np.random.seed(5)
n = 400

x_all = np.random.randn(n, 12).astype("float32")
y_all = (x_all[:, 0] + x_all[:, 1] > 0).astype("int64")

idx = np.random.permutation(n)
y_all = y_all[idx]  # bug: misaligned-split

x_train = torch.from_numpy(x_all[:320])
y_train = torch.from_numpy(y_all[:320])
x_val = torch.from_numpy(x_all[320:])
y_val = torch.from_numpy(y_all[320:])

loader = DataLoader(TensorDataset(x_train, y_train), batch_size=40, shuffle=True)

model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

for epoch in range(10):
    model.train()
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        acc = (model(x_val).argmax(1) == y_val).float().mean()
    print(f"{epoch}: {acc:.3f}")
