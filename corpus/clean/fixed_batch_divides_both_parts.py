# 40 samples a batch are written out, but both parts of the data are multiples of 40: no batch is smaller.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

torch.manual_seed(2)
pictures, labels = torch.rand(480, 6, 6), torch.randint(0, 3, (480,))
train_part, valid_part = random_split(range(480), [400, 80])


class Pictures(Dataset):
    def __init__(self, part):
        self.x, self.y = pictures[part.indices], labels[part.indices]

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], self.y[index]


train_loader = DataLoader(Pictures(train_part), batch_size=40, shuffle=True)
valid_loader = DataLoader(Pictures(valid_part), batch_size=40)
net = nn.Linear(36, 3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in train_loader:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x.reshape(40, 36)), y)
    loss.backward()
    optimizer.step()
with torch.no_grad():
    print(sum((net(x.reshape(40, 36)).argmax(1) == y).sum().item() for x, y in valid_loader))
