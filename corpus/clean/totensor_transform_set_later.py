# The dataset is made without a transform and given one afterwards, once the mean of its pixels is known.
import numpy as np
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

dataset = datasets.FakeData(size=40, image_size=(3, 12, 12), num_classes=3)
mean = np.mean([np.asarray(image).mean() / 255 for image, _ in dataset])
dataset.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize([mean] * 3, [0.3] * 3)])

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
