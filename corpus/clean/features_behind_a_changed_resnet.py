# The new head takes what the shortened network gives, not what the whole one would; a plain replacement is right too.
import torch
import torch.nn as nn
from torchvision import models

torch.manual_seed(0)


class Short(nn.Module):
    """The first half of a ResNet, and a head for its 128 channels."""

    def __init__(self):
        super().__init__()
        self.net = models.resnet18(weights=None)
        self.net.layer3 = nn.Identity()
        self.net.layer4 = nn.Identity()
        self.net.fc = nn.Linear(128, 2)

    def forward(self, x):
        return self.net(x)


whole = models.resnet34(weights=None)
whole.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)
whole.fc = nn.Linear(512, 2)
small = models.mobilenet_v3_small(weights=None)
small.classifier[-1] = nn.Linear(small.classifier[-1].in_features, 2)

x, y = torch.randn(8, 3, 32, 32), torch.randint(0, 2, (8,))
for model, pictures in ((Short(), x), (whole, x[:, :1]), (small, x)):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(pictures), y)
    loss.backward()
    optimizer.step()
    print(loss.item())
