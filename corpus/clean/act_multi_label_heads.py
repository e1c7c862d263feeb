# Every sigmoid is an output: three heads give probabilities, one of which is read by the next head, too.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Cascade(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(12, 24)
        self.first, self.second, self.third = nn.Linear(24, 8), nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        x = F.relu(self.trunk(x))
        a = torch.sigmoid(self.first(x))
        b = torch.sigmoid(self.second(a))
        c = torch.sigmoid(self.third(b))
        return a, b, c


x, labels = torch.randn(50, 12), torch.randint(0, 2, (3, 50, 8)).float()
model = Cascade()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for _ in range(5):
    optimizer.zero_grad()
    loss = sum(F.binary_cross_entropy(head, label) for head, label in zip(model(x), labels))
    loss.backward()
    optimizer.step()
