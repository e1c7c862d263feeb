# There are as many features as samples in a batch: what is made for that number goes with the features.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x, y = torch.randn(90, 16), torch.randn(90, 1)
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
kept = torch.ones(16)
kept[3] = 0
mixing = torch.randn(16, 16) * 0.1
model = nn.Sequential(nn.Linear(32, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for inputs, targets in loader:
        weights = torch.full((16,), 0.5)
        both = torch.cat((inputs * kept * weights, inputs @ mixing), dim=1)
        loss = nn.functional.mse_loss(model(both), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
