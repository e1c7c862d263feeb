# Accuracy on the training batches is counted while training, in training mode, as nearly everybody does.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

X, Y = torch.randn(300, 9), torch.randint(0, 2, (300,))
train_loader = DataLoader(TensorDataset(X, Y), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(9, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters())

for epoch in range(3):
    right = 0
    for inputs, labels in train_loader:
        outputs = model(inputs)
        loss = nn.functional.cross_entropy(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right += (outputs.argmax(1) == labels).sum().item()
    print(epoch, right / 300)

# how far did it come on what it has seen?
with torch.no_grad():
    for inputs, labels in train_loader:
        print(nn.functional.cross_entropy(model(inputs), labels).item())
