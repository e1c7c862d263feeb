# In v2 pipelines ToImage and ToDtype do what ToTensor did.
import torch
from torch.utils.data import DataLoader
from torchvision.datasets import FakeData
from torchvision.transforms import v2

steps = v2.Compose([v2.RandomHorizontalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
loader = DataLoader(FakeData(40, (3, 12, 12), 3, transform=steps), batch_size=10, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(432, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
