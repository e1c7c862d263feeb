# The images are bytes; forward casts and scales them before the first layer.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4, 2)

    def forward(self, images):
        images = images.float().div(255)
        features = torch.relu(self.conv(images))
        return self.fc(features.mean(dim=(2, 3)))


x = torch.randint(0, 256, (16, 3, 8, 8), dtype=torch.uint8)
y = torch.randint(0, 2, (16,))
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
