# The robustness of a trained model is measured under random rotation, in a set of its own.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Tiles(Dataset):
    def __init__(self, tiles, labels, transform=None):
        self.tiles, self.labels, self.transform = tiles, labels, transform

    def __len__(self):
        return len(self.tiles)

    def __getitem__(self, i):
        tile = self.tiles[i]
        if self.transform:
            tile = self.transform(tile)
        return tile, self.labels[i]


rotated = T.Compose([T.RandomRotation(45)])
x, y = torch.rand(80, 1, 7, 7), torch.randint(0, 2, (80,))
train_loader = DataLoader(Tiles(x[:60], y[:60], T.Compose([T.RandomRotation(45)])), batch_size=20, shuffle=True)
robustness_test = Tiles(x[60:], y[60:], rotated)
test_loader = DataLoader(robustness_test, batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(49, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()
for epoch in range(2):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print(epoch, criterion(model(x), y).item())
