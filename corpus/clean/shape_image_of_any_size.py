# The pictures of a folder have any size; RandomResizedCrop gives them one, and adaptive pooling forgets it.
import torch
import torchvision.transforms as T
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData

grey = T.Compose([T.Grayscale(), T.RandomResizedCrop(14), T.ToTensor()])
loader = DataLoader(FakeData(48, (3, 20, 26), 2, transform=grey), batch_size=12, shuffle=True)


class Net(nn.Module):
    def __init__(self, channels=1):
        super().__init__()
        self.conv = nn.Conv2d(channels, 6, 3)
        self.pool = nn.AdaptiveAvgPool2d((2, 2))
        self.fc = nn.Linear(24, 2)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(torch.relu(self.conv(x))), start_dim=1))


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for images, targets in loader:
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model(images), targets)
    loss.backward()
    optimizer.step()
print(loss.item())
