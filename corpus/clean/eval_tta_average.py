# Test-time augmentation: predictions over several random views are averaged, so the randomness is wanted.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

augment = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandomRotation(10)])
x, y = torch.rand(90, 1, 8, 8), torch.randint(0, 2, (90,))
train_loader = DataLoader(TensorDataset(x[:60], y[:60]), batch_size=20, shuffle=True)
test_loader = DataLoader(TensorDataset(x[60:], y[60:]), batch_size=30)

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for images, labels in train_loader:
    images = torch.stack([augment(image) for image in images])
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()

TTA_ROUNDS = 5
model.eval()
with torch.no_grad():
    for images, labels in test_loader:
        total = 0
        for _ in range(TTA_ROUNDS):
            total = total + model(augment(images)).softmax(dim=1)
        print(((total / TTA_ROUNDS).argmax(1) == labels).float().mean())
