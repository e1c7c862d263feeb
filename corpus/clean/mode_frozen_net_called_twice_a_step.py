# Only the last layer of a frozen network is trained, in evaluation mode; each step calls the network twice.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 24), nn.BatchNorm1d(24), nn.ReLU())
        self.classes = nn.Linear(24, 3)
        self.flipped = nn.Linear(24, 2)

    def forward(self, x):
        features = self.body(x)
        return self.classes(features), self.flipped(features)


def train(loader, model, criterion, optimizer):
    # the body is frozen, so is its batch norm
    model.eval()
    for x, y in loader:
        out, _ = model(x)
        loss = criterion(out, y)
        turned = torch.cat((x, -x))
        _, flips = model(turned)
        loss = loss + criterion(flips, torch.arange(2).repeat_interleave(len(x)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate(loader, model):
    model.eval()
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x)[0].argmax(1) == y).sum().item()
    return right / len(loader.dataset)


def main():
    torch.manual_seed(3)
    data, labels = torch.randn(240, 8), torch.randint(0, 3, (240,))
    train_loader = DataLoader(TensorDataset(data[:160], labels[:160]), batch_size=32, shuffle=True)
    val_loader = DataLoader(TensorDataset(data[160:], labels[160:]), batch_size=40)
    model = TwoHeads()
    for p in model.body.parameters():
        p.requires_grad = False
    model.eval()
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05)
    for epoch in range(3):
        train(train_loader, model, nn.CrossEntropyLoss(), optimizer)
        print(epoch, validate(val_loader, model))


main()
