import numpy as np
import torch
import torchvision.transforms.v2 as transforms
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset


class Glyphs(Dataset):
    def __init__(self, strokes, letters, train=True):
        self.strokes = strokes
        self.letters = letters
        if train:
            self.transform = transforms.Compose([
                transforms.ToPILImage(),
                transforms.RandomCrop(14),
                transforms.ToTensor(),
            ])
        else:
            self.transform = transforms.Compose([transforms.ToTensor(), transforms.CenterCrop(14)])

    def __len__(self):
        return len(self.letters)

    def __getitem__(self, idx):
        stroke = (self.strokes[idx] * 255).astype(np.uint8)
        return self.transform(stroke), self.letters[idx]


def accuracy(model, loader):
    model.eval()
    with torch.no_grad():
        hits = [(model(x).argmax(1) == y).float().mean().item() for x, y in loader]
    model.train()
    return sum(hits) / len(hits)


np.random.seed(1)
torch.manual_seed(1)
strokes = np.random.random((110, 16, 16))
letters = torch.arange(110) % 5
train_loader = DataLoader(Glyphs(strokes[:90], letters[:90]), batch_size=15, shuffle=True)
test_loader = DataLoader(Glyphs(strokes[90:], letters[90:], train=False), batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(196, 30), nn.ReLU(), nn.Linear(30, 5))
optimizer = optim.Adam(model.parameters(), lr=0.002)
for epoch in range(5):
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    print(epoch, accuracy(model, test_loader))
