import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(200, 4)
y = X @ torch.tensor([[1.0], [-2.0], [0.5], [3.0]]) + 0.1 * torch.randn(200, 1)

model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

for epoch in range(2):
    total = 0.0
    for i in range(len(X)):  # bug: unbatched-training
        optimizer.zero_grad()
        output = model(X[i])
        loss = criterion(output, y[i])
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: {total:.2f}")
