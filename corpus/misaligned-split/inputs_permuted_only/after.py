import torch
import torch.nn as nn

torch.manual_seed(1)
N = 256

X = torch.linspace(-3, 3, N).unsqueeze(1)
Y = torch.sin(X)

# shuffle before cutting off the last quarter
perm = torch.randperm(N)
X = X[perm]
Y = Y[perm]

cut = N * 3 // 4
x_tr, y_tr = X[:cut], Y[:cut]
x_te, y_te = X[cut:], Y[cut:]

mlp = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
sgd = torch.optim.Adam(mlp.parameters(), lr=0.02)
mse = nn.MSELoss()

for step in range(120):
    sgd.zero_grad()
    loss = mse(mlp(x_tr), y_tr)
    loss.backward()
    sgd.step()

mlp.eval()
with torch.no_grad():
    print("train", loss.item(), "test", mse(mlp(x_te), y_te).item())
