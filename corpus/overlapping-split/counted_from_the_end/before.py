import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

rng = np.random.RandomState(0)
features = rng.randn(500, 5).astype(np.float32)
weights = rng.randn(5, 1).astype(np.float32)
price = features @ weights + 0.1 * rng.randn(500, 1).astype(np.float32)

X_train = torch.from_numpy(features[:400])
y_train = torch.from_numpy(price[:400])
X_test = torch.from_numpy(features[-150:])  # bug: overlapping-split
y_test = torch.from_numpy(price[-150:])

train_dl = DataLoader(TensorDataset(X_train, y_train), batch_size=50, shuffle=True)
test_dl = DataLoader(TensorDataset(X_test, y_test), batch_size=50)

regressor = nn.Sequential(nn.Linear(5, 20), nn.ReLU(), nn.Linear(20, 1))
optim = torch.optim.Adam(regressor.parameters(), lr=0.01)
mse = nn.MSELoss()

# training
for epoch in range(5):
    for xb, yb in train_dl:
        optim.zero_grad()
        loss = mse(regressor(xb), yb)
        loss.backward()
        optim.step()

# test
regressor.eval()
with torch.no_grad():
    test_loss = np.mean([mse(regressor(xb), yb).item() for xb, yb in test_dl])
print("test", test_loss)
