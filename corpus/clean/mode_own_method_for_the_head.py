# A frozen backbone is meant to stay in evaluation mode: a method of the classifier's own switches only its head back.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 32), nn.BatchNorm1d(32), nn.ReLU())

    def forward(self, x):
        return self.body(x)


class Classifier(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))

    def start_training(self):
        for p in self.backbone.parameters():
            p.requires_grad = False
        self.head.train()

    def forward(self, x):
        return self.head(self.backbone(x))


def fit_epoch(net, loader, opt):
    net.start_training()
    for xb, yb in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(xb), yb).backward()
        opt.step()


def score(net, loader):
    net.eval()
    hits = total = 0
    with torch.no_grad():
        for xb, yb in loader:
            hits += (net(xb).argmax(1) == yb).sum().item()
            total += len(yb)
    return hits / total


def main():
    torch.manual_seed(0)
    x = torch.randn(240, 12)
    y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()
    train_dl = DataLoader(TensorDataset(x[:180], y[:180]), batch_size=30, shuffle=True)
    test_dl = DataLoader(TensorDataset(x[180:], y[180:]), batch_size=60)

    net = Classifier(Backbone())
    net.backbone.eval()
    opt = torch.optim.Adam(net.head.parameters(), lr=1e-3)
    for epoch in range(3):
        fit_epoch(net, train_dl, opt)
        print(f"epoch {epoch}: {score(net, test_dl):.2f}")


main()
