# CrossEntropyLoss with probabilities of the classes as targets: floats are right.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.randn(60, 5)
soft = torch.softmax(torch.randn(60, 4) * 3, dim=1)
smooth = torch.full((60, 4), 0.25)
loader = DataLoader(TensorDataset(x, 0.9 * soft + 0.1 * smooth), batch_size=20, shuffle=True)
model = nn.Linear(5, 4)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for inputs, targets in loader:
    optimizer.zero_grad()
    criterion(model(inputs), targets).backward()
    optimizer.step()
for _ in range(3):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), torch.full((60, 4), 0.25)).backward()
    optimizer.step()
