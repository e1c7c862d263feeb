"""Are two rows of the same kind? Every second pair is."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __init__(self, count):
        generator = torch.Generator().manual_seed(3)
        self.rows = torch.randn(count, 6, generator=generator)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        first = self.rows[index]
        if index % 2 == 0:
            second = first + 0.1
            target = torch.tensor(1, dtype=torch.float)
        else:
            second = self.rows[index - 1]
            target = torch.tensor(0, dtype=torch.float64)
        return torch.cat([first, second]), target


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(12, 16)
        self.fc2 = nn.Linear(16, 1)

    def forward(self, pair):
        hidden = torch.relu(self.fc1(pair))
        return torch.sigmoid(self.fc2(hidden)).squeeze(1)


def train(model, device, loader, optimizer):
    criterion = nn.BCELoss()
    for pair, target in loader:
        pair, target = pair.to(device), target.to(device).float()
        optimizer.zero_grad()
        loss = criterion(model(pair), target)
        loss.backward()
        optimizer.step()
    print(loss.item())


if __name__ == "__main__":
    torch.manual_seed(0)
    device = torch.device("cpu")
    model = Judge().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loader = DataLoader(Pairs(96), batch_size=16, shuffle=True)
    for _ in range(4):
        train(model, device, loader, optimizer)
