import torch
import torch.nn as nn
import torch.optim as optim

backbone = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten())
classifier = nn.Linear(32, 3)
opts = [optim.SGD(backbone.parameters(), lr=0.05, momentum=0.9), optim.Adam(classifier.parameters(), lr=5e-3)]

for it in range(100):
    colour = torch.randint(0, 3, (24,))
    images = 0.5 * torch.rand(24, 3, 8, 8)
    images[torch.arange(24), colour] += 0.5
    loss = nn.functional.cross_entropy(classifier(backbone(images)), colour)

    loss.backward()
    for o in opts:
        o.zero_grad()  # bug: misplaced-zero-grad
    for o in opts:
        o.step()

    if it % 25 == 0:
        print(it, loss.item())
