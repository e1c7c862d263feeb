import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
inputs = torch.randn(128, 7)
labels = (inputs.sum(dim=1) > 0).long()

input_loader = DataLoader(inputs, batch_size=16)
label_loader = DataLoader(labels, batch_size=16)

model = nn.Sequential(nn.Linear(7, 16), nn.ReLU(), nn.Linear(16, 2))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(5):
    for x, y in zip(input_loader, label_loader):
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
