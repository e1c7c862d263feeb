# The pipeline has no ToTensor, but a function of the file makes the tensor at its end.
import numpy as np
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def as_signed(image):
    pixels = np.array(image, dtype=np.float32)
    return torch.from_numpy(pixels).permute(2, 0, 1) / 127.5 - 1


steps = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.Lambda(as_signed)])
dataset = datasets.FakeData(40, (3, 12, 12), 3, steps)
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
