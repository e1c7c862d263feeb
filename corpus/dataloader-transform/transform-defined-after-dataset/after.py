import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(5)

# flips only, the pictures are tiny
transform = transforms.Compose([
    transforms.RandomVerticalFlip(),
    transforms.ToTensor(),
])
train_data = datasets.FakeData(150, image_size=(3, 8, 8), num_classes=10, transform=transform)

loader = DataLoader(dataset=train_data, batch_size=15, shuffle=True)

classifier = nn.Linear(3 * 8 * 8, 10)
sgd = torch.optim.SGD(classifier.parameters(), lr=0.02)

step = 0
while step < 30:
    for pictures, targets in loader:
        sgd.zero_grad()
        loss = nn.functional.cross_entropy(classifier(pictures.flatten(1)), targets)
        loss.backward()
        sgd.step()
        step += 1
print("last loss", loss.item())
