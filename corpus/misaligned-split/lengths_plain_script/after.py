import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)

# 200 points, 6 features, 3 classes
features = torch.randn(200, 6)
labels = features[:, :3].argmax(dim=1)

# first 160 for training, the rest is kept for later
train_features = features[:160]
train_labels = labels[:160]

train_set = TensorDataset(train_features, train_labels)
train_loader = DataLoader(train_set, batch_size=20, shuffle=True)

net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(6):
    for xb, yb in train_loader:
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
