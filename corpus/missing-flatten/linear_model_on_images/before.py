import torch
import torch.nn as nn
import torchvision.transforms as transforms
from torchvision.datasets import FakeData

torch.manual_seed(0)
to_tensor = transforms.ToTensor()
train_dataset = FakeData(120, image_size=(1, 8, 8), num_classes=3, transform=to_tensor)
test_dataset = FakeData(60, image_size=(1, 8, 8), num_classes=3, transform=to_tensor, random_offset=500)
train_loader = torch.utils.data.DataLoader(dataset=train_dataset, batch_size=20, shuffle=True)
test_loader = torch.utils.data.DataLoader(dataset=test_dataset, batch_size=20, shuffle=False)

# logistic regression
model = nn.Linear(64, 3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(4):
    for i, (images, labels) in enumerate(train_loader):
        outputs = model(images)  # bug: missing-flatten
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")

with torch.no_grad():
    correct = 0
    for images, labels in test_loader:
        outputs = model(images)  # bug: missing-flatten
        correct += (outputs.argmax(1) == labels).sum().item()
    print(f"accuracy {correct / len(test_dataset):.2f}")
