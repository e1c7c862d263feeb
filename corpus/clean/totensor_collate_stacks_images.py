# The dataset yields PIL images, but the loader's own collate_fn makes one tensor of them.
import torch
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms.functional import to_tensor


def collate(samples):
    images, labels = zip(*samples)
    return torch.stack([to_tensor(image) for image in images]), torch.tensor(labels)


dataset = datasets.FakeData(size=40, image_size=(3, 12, 12), num_classes=3)
loader = DataLoader(dataset, batch_size=10, shuffle=True, collate_fn=collate)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(432, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
