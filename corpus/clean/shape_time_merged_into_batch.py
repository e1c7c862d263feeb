# view(-1, 6) makes one long batch of all time steps on purpose: 6 is the size of each of them.
import torch
import torch.nn as nn
import torch.nn.functional as F


class PerStep(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 20)
        self.fc2 = nn.Linear(20, 3)

    def forward(self, x):
        flat = x.view(-1, 6)
        return self.fc2(F.relu(self.fc1(flat)))


torch.manual_seed(0)
x, y = torch.randn(8, 5, 6), torch.randint(0, 3, (40,))
model = PerStep()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
