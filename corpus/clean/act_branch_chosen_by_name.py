# Which activation the layers get is said when the network is made.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.fc0, self.fc1, self.fc2 = nn.Linear(12, 24), nn.Linear(24, 16), nn.Linear(16, 3)
        self.kind = kind

    def forward(self, x):
        if self.kind == "relu":
            x = torch.relu(self.fc0(x))
            x = torch.relu(self.fc1(x))
        else:
            x = torch.sigmoid(self.fc0(x))
            x = torch.sigmoid(self.fc1(x))
        return self.fc2(x)


x, y = torch.randn(60, 12), torch.randint(0, 3, (60,))
model = Net("relu")
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
