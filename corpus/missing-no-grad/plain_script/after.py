import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(300, 8)
y = (X[:, 0] > X[:, 1]).long()
train_loader = DataLoader(TensorDataset(X[:240], y[:240]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(X[240:], y[240:]), batch_size=20)

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(4):
    model.train()
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        # count the hits
        for inputs, labels in test_loader:
            predicted = model(inputs).argmax(dim=1)
            correct += (predicted == labels).sum().item()  # a number
    print(f"epoch {epoch}: {correct / 60:.3f}")
