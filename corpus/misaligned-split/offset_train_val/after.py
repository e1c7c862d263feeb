"""Linear classifier on two blobs, trained and checked on hand-made splits."""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def make_blobs(n=400):
    g = torch.Generator().manual_seed(7)
    y = torch.randint(0, 2, (n,), generator=g)
    X = torch.randn(n, 4, generator=g) + 1.5 * y[:, None]
    return X, y


X, y = make_blobs()

X_train, y_train = X[:300], y[:300]
X_val = X[300:350]
y_val = y[300:350]
X_test, y_test = X[350:], y[350:]

train_dl = DataLoader(TensorDataset(X_train, y_train), batch_size=32, shuffle=True)
val_dl = DataLoader(TensorDataset(X_val, y_val), batch_size=50)
test_dl = DataLoader(TensorDataset(X_test, y_test), batch_size=50)

model = nn.Linear(4, 2)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)


@torch.no_grad()
def accuracy(loader):
    model.eval()
    hits = total = 0
    for xb, yb in loader:
        hits += (model(xb).argmax(1) == yb).sum().item()
        total += len(yb)
    return hits / total


for epoch in range(5):
    model.train()
    for xb, yb in train_dl:
        optimizer.zero_grad()
        criterion(model(xb), yb).backward()
        optimizer.step()
    print(f"epoch {epoch}: val accuracy {accuracy(val_dl):.2f}")
print("test accuracy", accuracy(test_dl))
