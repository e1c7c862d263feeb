import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader


class Signals(Dataset):
    def __init__(self, waves, classes, augment: bool = True):
        super().__init__()
        self.waves, self.classes = waves, classes
        self.augment = augment

    def __len__(self):
        return self.waves.size(0)

    def __getitem__(self, i):
        wave = self.waves[i]
        if self.augment:
            shift = torch.randint(-4, 5, (1,)).item()
            wave = torch.roll(wave, shift, dims=-1)
            if torch.rand(1) < 0.3:
                wave = wave.flip(-1)
        return wave, self.classes[i]


def synthesise(n):
    t = torch.linspace(0, 6.28, 64)
    classes = torch.randint(0, 3, (n,))
    waves = torch.sin((classes + 1).unsqueeze(1) * t) + 0.2 * torch.randn(n, 64)
    return waves.unsqueeze(1), classes


def run_epoch(model, loader, criterion, optimizer=None):
    losses = []
    for wave, cls in loader:
        loss = criterion(model(wave), cls)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def main():
    torch.manual_seed(0)
    waves, classes = synthesise(180)
    train_set = Signals(waves[:140], classes[:140])
    val_set = Signals(waves[140:], classes[140:], augment=False)

    model = nn.Sequential(nn.Conv1d(1, 8, 9), nn.ReLU(), nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(32, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    criterion = nn.CrossEntropyLoss()

    train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=20)
    for epoch in range(5):
        model.train()
        train_loss = run_epoch(model, train_loader, criterion, optimizer)
        model.eval()
        with torch.no_grad():
            val_loss = run_epoch(model, val_loader, criterion)
        print(epoch, round(train_loss, 3), round(val_loss, 3))


if __name__ == "__main__":
    main()
