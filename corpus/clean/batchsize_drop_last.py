# forward counts on batches of 16, and drop_last=True sees to it that there are no others.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        return self.fc(x.view(16, -1))


data = TensorDataset(torch.randn(50, 3, 4), torch.randint(0, 2, (50,)))
loader = DataLoader(data, batch_size=16, shuffle=True, drop_last=True)
model, criterion = Net(), nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
