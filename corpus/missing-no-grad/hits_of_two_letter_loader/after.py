import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(17)
data = torch.rand(600, 20)
label = (data[:, :10].sum(1) > data[:, 10:].sum(1)).long()
part_a = TensorDataset(data[:480], label[:480])
part_b = TensorDataset(data[480:], label[480:])
dl_a = DataLoader(part_a, batch_size=32, shuffle=True)
dl_b = DataLoader(part_b, batch_size=32)

net = nn.Sequential(nn.Linear(20, 40), nn.Tanh(), nn.Linear(40, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)


def hits(loader):
    right = total = 0
    with torch.no_grad():
        for xs, ys in loader:
            _, guess = torch.max(net(xs), 1)
            right += (guess == ys).sum().item()
            total += len(ys)
    return right / total


for epoch in range(6):
    for xs, ys in dl_a:
        optimizer.zero_grad()
        loss = criterion(net(xs), ys)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {hits(dl_b):.3f}")
