# What is drawn one after the other are single pictures: each gets a draw of its own.
import torch
from torch import nn
from torchvision import transforms


class Pictures:
    """Pictures and their classes, in a new order each time."""

    def __init__(self, count):
        self.pictures, self.classes = torch.rand(count, 1, 8, 8), torch.randint(0, 2, (count,))

    def __iter__(self):
        for index in torch.randperm(len(self.classes)):
            yield self.pictures[index], self.classes[index]


torch.manual_seed(0)
flip = transforms.RandomHorizontalFlip()
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
pictures = Pictures(60)
for epoch in range(2):
    for picture, label in pictures:
        picture = flip(picture)
        loss = nn.functional.cross_entropy(model(picture[None]), label[None])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
