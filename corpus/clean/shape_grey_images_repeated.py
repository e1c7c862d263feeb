# Grey pictures, a convolution for three channels: the pictures are repeated before it.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        x = x.repeat(1, 3, 1, 1)
        x = F.relu(self.conv(x))
        return self.fc(x.mean([2, 3]))


torch.manual_seed(0)
x, y = torch.rand(16, 1, 12, 12), torch.randint(0, 4, (16,))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
