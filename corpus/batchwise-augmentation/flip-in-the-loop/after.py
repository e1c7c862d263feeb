import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

torch.manual_seed(0)
labels = torch.randint(0, 3, (240,))
images = torch.rand(240, 3, 12, 12) * 0.4
for number, label in enumerate(labels):
    images[number, label, 3:9, 1:6] += 0.5

loader = DataLoader(TensorDataset(images, labels), batch_size=16, shuffle=True)
transform = transforms.RandomHorizontalFlip(p=0.5)

model = nn.Sequential(nn.Flatten(), nn.Linear(432, 24), nn.ReLU(), nn.Linear(24, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(4):
    for inputs, targets in loader:
        # augment the training images
        inputs = torch.stack([transform(image) for image in inputs])
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
