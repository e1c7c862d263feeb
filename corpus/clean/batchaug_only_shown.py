# The augmented batch is looked at, not trained on: training goes through the dataset's own transform.
import torch
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import FakeData

augment = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
preview = transforms.RandomAffine(20)
train_loader = DataLoader(FakeData(60, (3, 8, 8), 2, augment), batch_size=10, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

for images, _ in train_loader:
    print("brightness of a turned batch:", preview(images).mean().item())
    break

for epoch in range(2):
    for images, labels in train_loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
