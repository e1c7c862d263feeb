import torch, torch.nn as nn, torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(5)
x = torch.randn(480, 3, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
ds = TensorDataset(x, y)
train, val = random_split(ds, [400, 80])
tl = DataLoader(train, 40, shuffle=True)
vl = DataLoader(val, 40)


class Net(nn.Module):
    def __init__(s):
        super().__init__()
        s.c1 = nn.Conv2d(3, 8, 3, padding=1)
        s.bn = nn.BatchNorm2d(8)
        s.drop = nn.Dropout(.3)
        s.fc = nn.Linear(8 * 4 * 4, 2)

    def forward(s, x):
        x = F.max_pool2d(F.relu(s.bn(s.c1(x))), 2)
        return s.fc(s.drop(x.flatten(1)))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for ep in range(5):
    net.train()
    for xb, yb in tl:
        opt.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
    correct = 0
    for xb, yb in vl:  # bug: missing-eval-mode
        with torch.no_grad():
            correct += (net(xb).argmax(1) == yb).sum().item()
    print(ep, correct / len(val))
