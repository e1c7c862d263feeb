import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    def __init__(self, net, train_set, valid_set):
        self.net = net
        self.train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
        self.valid_loader = DataLoader(valid_set, batch_size=16)
        self.loss_fn = nn.CrossEntropyLoss()
        self.opt = torch.optim.AdamW(net.parameters(), lr=2e-3)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.net.train()
            for xb, yb in self.train_loader:
                self.opt.zero_grad()
                self.loss_fn(self.net(xb), yb).backward()
                self.opt.step()
            print(epoch, *self.evaluate())

    def evaluate(self):
        self.net.eval()
        losses, hits = [], 0
        for i, (xb, yb) in enumerate(self.valid_loader):  # bug: missing-no-grad
            logits = self.net(xb)
            losses.append(self.loss_fn(logits, yb).item())
            if i < 100:
                hits += int((logits.argmax(1) == yb).sum())
        return sum(losses) / len(losses), hits


torch.manual_seed(6)
points = torch.randn(320, 2)
rings = (points.norm(dim=1) > 1.2).long()
net = nn.Sequential(nn.Linear(2, 24), nn.ReLU(), nn.Linear(24, 2))
Trainer(net, TensorDataset(points[:256], rings[:256]), TensorDataset(points[256:], rings[256:])).fit(4)
