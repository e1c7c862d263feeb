# No layer of this model knows training from evaluation, so nobody needs to switch it.
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class TwoLayerNet(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super(TwoLayerNet, self).__init__()
        self.linear1 = nn.Linear(d_in, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.linear2 = nn.Linear(hidden, d_out)

    def forward(self, x):
        return self.linear2(F.relu(self.norm(self.linear1(x))))


x, y = torch.randn(200, 10), torch.randint(0, 4, (200,))
train_loader = DataLoader(TensorDataset(x[:150], y[:150]), batch_size=30, shuffle=True)
test_loader = DataLoader(TensorDataset(x[150:], y[150:]), batch_size=50)
model = TwoLayerNet(10, 20, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(model(inputs), labels).backward()
        optimizer.step()
    with torch.no_grad():
        for inputs, labels in test_loader:
            print(epoch, (model(inputs).argmax(1) == labels).float().mean().item())
