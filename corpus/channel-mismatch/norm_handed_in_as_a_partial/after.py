from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F


def conv3x3(inp, out, stride=1):
    return nn.Conv2d(inp, out, kernel_size=3, stride=stride, padding=1, bias=False)


class Stem(nn.Module):
    def __init__(self, norm_layer, act_layer):
        super().__init__()
        self.conv1 = conv3x3(3, 24, stride=2)
        self.norm1 = norm_layer(24)
        self.act1 = act_layer(inplace=True)
        self.conv2 = nn.Conv2d(24, 32, kernel_size=3, padding=1)
        self.norm2 = norm_layer(32)
        self.act2 = act_layer(inplace=True)

    def forward(self, x):
        x = self.act1(self.norm1(self.conv1(x)))
        return self.act2(self.norm2(self.conv2(x)))


class Net(nn.Module):
    def __init__(self, num_classes, norm_layer=None, act_layer=None):
        super().__init__()
        norm_layer = norm_layer or partial(nn.BatchNorm2d, eps=1e-3)
        act_layer = act_layer or nn.ReLU
        self.stem = Stem(norm_layer, act_layer)
        self.head = nn.Linear(32, num_classes)

    def forward(self, x):
        return self.head(self.stem(x).mean(dim=(2, 3)))


if __name__ == '__main__':
    torch.manual_seed(0)
    labels = torch.arange(120) % 3
    images = torch.randn(120, 3, 16, 16) * 0.5
    images[torch.arange(120), labels] += 1
    net = Net(3, norm_layer=partial(nn.GroupNorm, 4))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(5):
        for x, y in zip(images.split(24), labels.split(24)):
            loss = F.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(f'epoch {epoch}: {loss.item():.4f}')
