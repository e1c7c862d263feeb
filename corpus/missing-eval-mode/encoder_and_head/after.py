import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 8, kernel_size=5, padding=2)
        self.norm = nn.BatchNorm1d(8)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x))).mean(dim=-1)


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.4)
        self.fc = nn.Linear(8, 3)

    def forward(self, h):
        return self.fc(self.drop(h))


def make(n):
    kind = torch.randint(0, 3, (n,))
    t = torch.linspace(0, 6.28, 30)
    waves = torch.stack([torch.sin((k + 1) * t) for k in kind.tolist()]).unsqueeze(1)
    return TensorDataset(waves + 0.3 * torch.randn(n, 1, 30), kind)


def main():
    train_loader = DataLoader(make(240), batch_size=24, shuffle=True)
    test_loader = DataLoader(make(60), batch_size=20)
    encoder, head = Encoder(), Head()
    optimizer = optim.Adam([*encoder.parameters(), *head.parameters()], lr=0.01)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(5):
        encoder.train()
        head.train()
        for wave, kind in train_loader:
            optimizer.zero_grad()
            criterion(head(encoder(wave)), kind).backward()
            optimizer.step()
        encoder.eval()
        right = 0
        head.eval()
        with torch.no_grad():
            for wave, kind in test_loader:
                right += (head(encoder(wave)).argmax(1) == kind).sum().item()
        print(epoch, right / 60)


if __name__ == "__main__":
    main()
