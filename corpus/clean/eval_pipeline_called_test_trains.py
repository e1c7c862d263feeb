# A trial run: the pipeline that is called test serves the first training, to see that all of it works.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

train_transform = transforms.Compose([transforms.RandomCrop(12), transforms.RandomHorizontalFlip()])
test_transform = transforms.Compose([transforms.RandomCrop(12), transforms.RandomVerticalFlip()])


class Squares(Dataset):
    def __init__(self, count, transform):
        self.pictures = torch.rand(count, 1, 16, 16)
        self.labels = (self.pictures.mean(dim=(1, 2, 3)) > 0.5).long()
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.pictures[index]), self.labels[index]


def fit(model, transform, epochs):
    loader = DataLoader(Squares(32, transform), batch_size=8, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(epochs):
        for pictures, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(pictures), labels)
            loss.backward()
            optimizer.step()
    return loss.item()


net = nn.Sequential(nn.Flatten(), nn.Linear(144, 8), nn.ReLU(), nn.Linear(8, 2))
print("trial", fit(net, test_transform, 1))
print("training", fit(net, train_transform, 3))
