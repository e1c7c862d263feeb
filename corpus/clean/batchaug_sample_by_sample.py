# The transform is called for each image of the batch, so that each has a draw of its own.
import torch
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

images, labels = torch.rand(96, 3, 8, 8), torch.randint(0, 2, (96,))
augment = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandomErasing(p=0.3)])
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in DataLoader(TensorDataset(images, labels), batch_size=12, shuffle=True):
        x = torch.stack([augment(image) for image in x])
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
