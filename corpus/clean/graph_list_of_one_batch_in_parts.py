# Gradient accumulation: the list of losses holds the parts of one batch, and every batch starts a new one.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)
x = torch.randn(160, 12)
y = (x[:, 0] * x[:, 1] > 0).long()
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)

net = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 2))
loss_func = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


def parts_of(data, targets, size):
    return data.split(size), targets.split(size)


for epoch in range(4):
    seen = 0.0
    for data, targets in loader:
        opt.zero_grad()
        losses = []
        outputs = []
        for chunk, wanted in zip(*parts_of(data, targets, 8)):
            out = net(chunk)
            outputs.append(out)
            loss = loss_func(out, wanted)
            losses.append(loss)
            loss.backward()
        for p in net.parameters():
            p.grad.div_(len(losses))
        opt.step()
        hits = (torch.cat(outputs).argmax(1) == targets).float().mean()
        loss = sum(losses)
        seen += loss.item()
    print(epoch, seen, hits.item())
