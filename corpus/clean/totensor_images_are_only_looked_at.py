# The image set without a transform is only looked at, picture by picture; what is loaded has ToTensor.
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

pictures = datasets.FakeData(size=40, image_size=(3, 12, 12), num_classes=3)
for number in range(3):
    picture, label = pictures[number]
    print(number, picture.size, label)
sizes = {picture.size for picture, _ in pictures}
print(sizes)

dataset = datasets.FakeData(size=40, image_size=(3, 12, 12), num_classes=3, transform=transforms.ToTensor())
loader = DataLoader(dataset, batch_size=10, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(432, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
