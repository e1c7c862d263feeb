import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(6)
torch.manual_seed(6)
X = np.random.randn(150, 4).astype(np.float32)
y = np.argmax(X[:, :3], axis=1).astype(np.int32)

X_train, y_train = torch.tensor(X), torch.tensor(y)  # bug: dtype-mismatch
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=25, shuffle=True)

net = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 3))
loss_function = nn.CrossEntropyLoss()
optimiser = torch.optim.RMSprop(net.parameters(), lr=0.005)

for epoch in range(6):
    running = 0.0
    for xb, yb in loader:
        optimiser.zero_grad()
        loss = loss_function(net(xb), yb)
        loss.backward()
        optimiser.step()
        running += loss.item()
    print("epoch", epoch, running / len(loader))
