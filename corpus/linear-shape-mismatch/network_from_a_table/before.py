import torch
import torch.nn as nn
import torch.nn.functional as F

PLANS = {
    "tiny": [8, "M", 16, "M"],
    "small": [8, 8, "M", 16, 16, "M"],
}


class ConvNet(nn.Module):
    def __init__(self, plan, n_classes=3):
        super().__init__()
        self.features = self._make_layers(PLANS[plan])
        self.classifier = nn.Sequential(
            nn.Linear(256, 32),  # bug: linear-shape-mismatch
            nn.ReLU(),
            nn.Linear(32, n_classes),
        )

    def _make_layers(self, plan):
        layers = []
        in_channels = 1
        for step in plan:
            if step == "M":
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers += [nn.Conv2d(in_channels, step, kernel_size=3, padding=1), nn.BatchNorm2d(step), nn.ReLU()]
                in_channels = step
        layers.append(nn.AvgPool2d(kernel_size=2))
        return nn.Sequential(*layers)

    def forward(self, x):
        out = self.features(x)
        out = out.view(out.size(0), -1)
        return self.classifier(out)


torch.manual_seed(0)
net = ConvNet("small")
images = torch.randn(48, 1, 16, 16)
labels = images.mean((1, 2, 3)).argsort().argsort() * 3 // 48
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)

for epoch in range(3):
    total = 0.0
    for start in range(0, 48, 16):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images[start : start + 16]), labels[start : start + 16])
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: {total / 3:.3f}")
