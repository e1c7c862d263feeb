# A Linear on the last dimension of pictures with the channels last: that dimension is what it is made for.
import torch
import torch.nn as nn
import torch.nn.functional as F


class PixelMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.lift = nn.Linear(3, 16)
        self.out = nn.Linear(16, 5)

    def forward(self, x):
        x = F.relu(self.lift(x))  # (n, height, width, 16)
        return self.out(x.mean(dim=(1, 2)))


torch.manual_seed(0)
x, y = torch.rand(12, 9, 7, 3), torch.randint(0, 5, (12,))
model = PixelMLP()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
