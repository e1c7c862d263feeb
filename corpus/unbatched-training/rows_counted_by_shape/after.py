import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(1)
x = rng.normal(size=(120, 3))
y = np.zeros(120)
y[x.sum(axis=1) > 0] = 1

idx = np.arange(y.shape[0])
rng.shuffle(idx)
X_test, y_test = x[idx[:20]], y[idx[:20]]
X_train, y_train = x[idx[20:]], y[idx[20:]]
mu, std = X_train.mean(axis=0), X_train.std(axis=0)
X_train, X_test = (X_train - mu) / std, (X_test - mu) / std

X_train_tensor = torch.tensor(X_train, dtype=torch.float32)
y_train_tensor = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)


class LogisticRegression(torch.nn.Module):
    def __init__(self, num_features):
        super().__init__()
        self.linear = torch.nn.Linear(num_features, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


torch.manual_seed(0)
model = LogisticRegression(num_features=3)
# the weights are updated by
# stochastic gradient descent
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X_train_tensor, y_train_tensor), batch_size=32, shuffle=True)
for epoch in range(2):
    total = 0.0
    for (X_train_tensor_batch, y_train_tensor_batch) in loader:
        out = model(X_train_tensor_batch)
        cost = F.binary_cross_entropy(out, y_train_tensor_batch)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        total += cost.item()
    print(f"Epoch: {epoch + 1:03d} | Cost: {total / len(X_train_tensor):.3f}")
