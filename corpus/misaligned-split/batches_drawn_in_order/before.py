import numpy as np
import torch
from torch import nn, optim

rng = np.random.RandomState(3)
X = rng.randn(400, 8).astype(np.float32)
Y = (X @ rng.randn(8) > 0).astype(int)
X_train, X_test = X[:320], X[320:]
Y_train, Y_test = Y[:320], Y[320:]

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2))
opt = optim.Adam(model.parameters(), lr=3e-3)
crit = nn.CrossEntropyLoss()

Xt = torch.tensor(X_train)
Yt = torch.tensor(Y_train)
batch = 40
for i in range(12):
    perm = np.random.permutation(320)
    for j in range(0, 320, batch):
        idx = perm[j:j + batch]
        xb, yb = Xt[idx], Yt[j:j + batch]  # bug: misaligned-split
        opt.zero_grad()
        loss = crit(model(xb), yb)
        loss.backward()
        opt.step()
    print(i, loss.item())

with torch.no_grad():
    pred = model(torch.tensor(X_test)).argmax(1).numpy()
print("accuracy", (pred == Y_test).mean())
