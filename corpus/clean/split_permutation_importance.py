# Permutation importance and a test with shuffled labels: the copies in another order are the point.
import torch
from torch import nn

X = torch.randn(200, 3)
y = (X[:, 0] > 0).long()
model = nn.Linear(3, 2)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for _ in range(40):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()

model.eval()
with torch.no_grad():
    y_shuffled = y[torch.randperm(200)]
    print("by chance", nn.functional.cross_entropy(model(X), y_shuffled).item())
    for column in range(3):
        X_mixed = X.clone()
        X_mixed[:, column] = X[torch.randperm(200), column]
        print(column, nn.functional.cross_entropy(model(X_mixed), y).item())
