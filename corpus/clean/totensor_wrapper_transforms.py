# The plain image set is split first; each part is wrapped in a dataset that transforms, and only those are loaded.
import torch
from torch.utils.data import DataLoader, Dataset, random_split
from torchvision import datasets, transforms


class Transformed(Dataset):
    def __init__(self, part, transform):
        self.part = part
        self.transform = transform

    def __len__(self):
        return len(self.part)

    def __getitem__(self, index):
        image, label = self.part[index]
        return self.transform(image), label


everything = datasets.FakeData(size=50, image_size=(3, 12, 12), num_classes=3)
train_part, test_part = random_split(everything, [40, 10])
plain = transforms.ToTensor()
augmented = transforms.Compose([transforms.RandomHorizontalFlip(), plain])
loader = DataLoader(Transformed(train_part, augmented), batch_size=10, shuffle=True)
test_loader = DataLoader(Transformed(test_part, plain), batch_size=10)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(432, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
