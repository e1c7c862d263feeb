# Two stems for two kinds of pictures: a test on the channels picks the one that fits.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.grey = nn.Conv2d(1, 8, 3)
        self.colour = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8 * 10 * 10, 4)

    def forward(self, x):
        if x.shape[1] == 1:
            x = self.grey(x)
        else:
            x = self.colour(x)
        return self.fc(torch.flatten(F.relu(x), 1))


torch.manual_seed(0)
x, y = torch.rand(16, 3, 12, 12), torch.randint(0, 4, (16,))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
