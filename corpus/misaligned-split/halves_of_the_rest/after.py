import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(11)
features = rng.normal(size=(300, 6)).astype(np.float32)
encoded_labels = (features[:, 0] - features[:, 3] > 0).astype(np.int64)

# training, validation and test data
split_idx = int(len(features) * 0.8)
train_x, remaining_x = features[:split_idx], features[split_idx:]
train_y, remaining_y = encoded_labels[:split_idx], encoded_labels[split_idx:]

test_idx = int(len(remaining_x) * 0.5)
val_x, test_x = remaining_x[:test_idx], remaining_x[test_idx:]
val_y, test_y = remaining_y[:test_idx], remaining_y[test_idx:]

train_loader = DataLoader(TensorDataset(torch.from_numpy(train_x), torch.from_numpy(train_y)), 40, shuffle=True)
valid_loader = DataLoader(TensorDataset(torch.from_numpy(val_x), torch.from_numpy(val_y)), 40)
test_loader = DataLoader(TensorDataset(torch.from_numpy(test_x), torch.from_numpy(test_y)), 40)

print(len(train_loader), len(valid_loader), len(test_loader))
net = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
criterion = nn.CrossEntropyLoss()
for epoch in range(6):
    net.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        criterion(net(x), y).backward()
        optimizer.step()
    net.eval()
    right = 0
    with torch.no_grad():
        for x, y in valid_loader:
            right += (net(x).argmax(1) == y).sum().item()
    print(epoch, right / len(val_x))
