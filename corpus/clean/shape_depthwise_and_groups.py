# Depthwise and grouped convolutions: in_channels counts all groups together.
import torch
import torch.nn as nn
import torch.nn.functional as F


def separable(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs), nn.Conv2d(inputs, outputs, 1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = separable(4, 8), nn.Conv2d(8, 8, 3, groups=2)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(F.relu(self.b(self.a(x))).amax(dim=(2, 3)))


torch.manual_seed(0)
x, y = torch.rand(16, 4, 9, 9), torch.randint(0, 3, (16,))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
