# The transform flattens every picture, so that the lone Linear gets vectors.
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

flat = transforms.Compose([transforms.Resize(10), transforms.ToTensor(), transforms.Lambda(lambda x: x.view(-1))])
data = datasets.FakeData(40, (1, 20, 20), 3, transform=flat)
loader = DataLoader(data, batch_size=10, shuffle=True)
model = nn.Linear(100, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for images, targets in loader:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), targets)
    loss.backward()
    optimizer.step()
    print(loss.item())
