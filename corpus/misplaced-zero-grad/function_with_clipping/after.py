from torch import nn, optim, randint, randn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader, TensorDataset


def run_epoch(net, batches, opt, loss_fn, clip):
    seen, total = 0, 0.0
    for xb, yb in batches:
        loss = loss_fn(net(xb), yb)
        # start from clean gradients
        opt.zero_grad()
        loss.backward()
        clip_grad_norm_(net.parameters(), clip)
        opt.step()
        seen += len(xb)
        total += loss.item() * len(xb)
    return total / seen


means = 2 * randn(3, 6)
labels = randint(0, 3, (300,))
batches = DataLoader(TensorDataset(means[labels] + randn(300, 6), labels), batch_size=15, shuffle=True)
net = nn.Sequential(nn.Linear(6, 24), nn.LayerNorm(24), nn.ReLU(), nn.Linear(24, 3))
opt = optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(5):
    print(epoch, run_epoch(net, batches, opt, nn.CrossEntropyLoss(), 1.0))
