# The samples are made up on the fly, there is no stored sample that is changed.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Sums(Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        numbers = torch.rand(10)
        return numbers, (numbers.sum() > 5).long()


train_loader = DataLoader(Sums(80), batch_size=20, shuffle=True)
test_loader = DataLoader(Sums(40), batch_size=20)

model = nn.Sequential(nn.Flatten(), nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 2))
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
