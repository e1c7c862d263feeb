# Two networks of the same layers are compared, one with rectifiers and one with logistic units.
import torch
import torch.nn as nn
import torch.nn.functional as F


class ModelA(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc0, self.fc1, self.fc2 = nn.Linear(12, 24), nn.Linear(24, 16), nn.Linear(16, 3)

    def forward(self, x):
        x = F.relu(self.fc0(x))
        x = F.relu(self.fc1(x))
        return self.fc2(x)


class ModelB(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc0, self.fc1, self.fc2 = nn.Linear(12, 24), nn.Linear(24, 16), nn.Linear(16, 3)

    def forward(self, x):
        x = torch.sigmoid(self.fc0(x))
        x = torch.sigmoid(self.fc1(x))
        return self.fc2(x)


x, y = torch.randn(60, 12), torch.randint(0, 3, (60,))
for model in (ModelA(), ModelB()):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(5):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    print(loss.item())
