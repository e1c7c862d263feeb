# A Linear over the last dimension mixes the channels of each pixel: last is where it wants them.
import torch
from torch import nn


class Pixels(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(3, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, images):
        return self.out(torch.relu(self.mix(images))).mean(dim=(1, 2))


x = torch.rand(30, 8, 8, 3)
y = torch.randint(0, 2, (30,))
model = Pixels()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
