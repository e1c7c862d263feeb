import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision import transforms as T

base = T.Compose([T.Resize((14, 14)), T.ToTensor()])
train_tf = T.Compose([T.RandomHorizontalFlip(), base, T.Normalize([0.5] * 3, [0.5] * 3)])
test_tf = T.Compose([base, T.Normalize([0.5] * 3, [0.5] * 3)])

train_dl = DataLoader(datasets.FakeData(96, (3, 18, 18), 3, transform=train_tf), batch_size=16, shuffle=True)
test_dl = DataLoader(datasets.FakeData(48, (3, 18, 18), 3, transform=test_tf, random_offset=1000), batch_size=16)

model = nn.Sequential(nn.Flatten(), nn.Linear(588, 16), nn.Tanh(), nn.Linear(16, 3))
opt = optim.RMSprop(model.parameters(), lr=1e-3)
for epoch in range(3):
    model.train()
    for x, y in train_dl:
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in test_dl)
    print(epoch, right / len(test_dl.dataset))
