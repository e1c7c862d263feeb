# The model takes images with the channels last and permutes them itself.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4, 2)

    def forward(self, images):
        images = images.permute(0, 3, 1, 2)
        return self.fc(torch.relu(self.conv(images)).mean(dim=(2, 3)))


x = torch.rand(30, 8, 8, 3)
y = torch.randint(0, 2, (30,))
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
