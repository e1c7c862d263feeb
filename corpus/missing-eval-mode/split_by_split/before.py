import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(900, 12)
y = (x[:, :4].sum(1) > x[:, 4:8].sum(1)).long()
splits = {
    "train": DataLoader(TensorDataset(x[:500], y[:500]), batch_size=50, shuffle=True),
    "val": DataLoader(TensorDataset(x[500:700], y[500:700]), batch_size=50),
    "test": DataLoader(TensorDataset(x[700:], y[700:]), batch_size=50),
}
model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)


def train_epoch():
    model.train()
    for inputs, labels in splits["train"]:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()


@torch.no_grad()
def test():
    scores = {}
    for name, loader in splits.items():
        if name == "train":
            continue
        hits = 0
        for inputs, labels in loader:  # bug: missing-eval-mode
            hits += int((model(inputs).argmax(1) == labels).sum())
        scores[name] = hits / 200
    return scores


for epoch in range(6):
    train_epoch()
    print(epoch, test())
