import torch
import torch.nn as nn
from PIL import ImageOps
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision import transforms as T


class Equalise:
    def __call__(self, image):
        return ImageOps.equalize(image)


transform = T.Compose([
    Equalise(),
    T.Resize(16),
    T.ToTensor(),
    T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
])
torch.manual_seed(0)
data = datasets.FakeData(size=64, image_size=(3, 20, 20), num_classes=4, transform=transform)
loader = DataLoader(data, batch_size=16, shuffle=True)

net = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 14 * 14, 4))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
