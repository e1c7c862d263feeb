# MaxPool2d with ceil_mode keeps the rest of 13 pixels, so that 7 are left, not 6.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3, dilation=2, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.Conv2d(4, 4, 3, padding="same"),
        )
        self.fc = nn.Linear(4 * 7 * 7, 3)

    def forward(self, x):
        return self.fc(self.features(x).view(len(x), -1))


torch.manual_seed(0)
x, y = torch.rand(16, 1, 15, 15), torch.randint(0, 3, (16,))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
