import torch
import torch.nn as nn
from torchvision import transforms
from torchvision.datasets import FakeData

transform = transforms.Compose([transforms.Resize(20), transforms.CenterCrop(18), transforms.ToTensor()])
dataset = FakeData(size=80, image_size=(3, 30, 30), num_classes=2, transform=transform)
loader = torch.utils.data.DataLoader(dataset, batch_size=10, shuffle=True)


def conv_block(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3), nn.ReLU(), nn.AvgPool2d(2))


torch.manual_seed(0)
model = nn.Sequential(
    conv_block(3, 4),
    conv_block(4, 8),
    nn.Flatten(),
    nn.Linear(8 * 5 * 5, 2),  # bug: linear-shape-mismatch
)

optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
    print("loss", loss.item())
