# %% imports
from collections import OrderedDict

import torch
from torch.nn import AvgPool2d, Conv2d, CrossEntropyLoss, Flatten, Linear, Sequential, Sigmoid
from torch.optim import SGD

torch.manual_seed(5)

# %% data: blobs in one of four corners
corner = torch.randint(0, 4, (320,))
images = 0.2 * torch.randn(320, 1, 16, 16)
for image, c in zip(images, corner.tolist()):
    top, left = 8 * (c // 2), 8 * (c % 2)
    image[0, top : top + 8, left : left + 8] += 1.0

# %% model
cnn = Sequential(
    OrderedDict(
        [
            ("conv1", Conv2d(1, 8, 5, padding=2)),
            ("act1", Sigmoid()),  # bug: saturating-activation
            ("pool1", AvgPool2d(2)),
            ("conv2", Conv2d(8, 16, 3, padding=1)),
            ("act2", Sigmoid()),
            ("pool2", AvgPool2d(2)),
            ("flat", Flatten()),
            ("fc1", Linear(16 * 4 * 4, 48)),
            ("act3", Sigmoid()),
            ("fc2", Linear(48, 4)),
        ]
    )
)

# %% training
loss_function = CrossEntropyLoss()
sgd = SGD(cnn.parameters(), lr=0.05, momentum=0.9)
for epoch in range(6):
    for rows in torch.randperm(320).split(32):
        sgd.zero_grad()
        loss = loss_function(cnn(images[rows]), corner[rows])
        loss.backward()
        sgd.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))
