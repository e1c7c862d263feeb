import torch
import torch.nn as nn


class Features(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, kernel_size=3, stride=2, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.bn(self.conv(x)))


class ColourNet(nn.Module):
    """Which colour is the picture?"""

    def __init__(self):
        super().__init__()
        self.features = Features()
        self.head = nn.Linear(8 * 6 * 6, 3)

    def forward(self, x):
        x = self.features(x)
        return self.head(x)  # bug: missing-flatten


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss_fn = nn.CrossEntropyLoss()

    def step(self, images, colours):
        self.optimizer.zero_grad()
        loss = self.loss_fn(self.model(images), colours)
        loss.backward()
        self.optimizer.step()
        return loss.item()


torch.manual_seed(0)
trainer = Trainer(ColourNet(), lr=1e-3)
for step in range(20):
    colours = torch.randint(0, 3, (16,))
    images = torch.rand(16, 3, 12, 12)
    images[torch.arange(16), colours] += 0.5
    print(step, trainer.step(images, colours))
