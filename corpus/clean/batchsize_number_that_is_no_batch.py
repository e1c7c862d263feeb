# 10 is the number of patches that each sample is cut into; that batches have 10 samples, too, is chance.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(6, 2)

    def forward(self, x):
        patches = x.view(-1, 10, 6)
        weights = torch.ones(10, 1) / 10
        return (self.score(patches) * weights).sum(dim=1)


data = TensorDataset(torch.randn(45, 60), torch.randint(0, 2, (45,)))
loader = DataLoader(data, batch_size=10, shuffle=True)
model, criterion = Patches(), nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
