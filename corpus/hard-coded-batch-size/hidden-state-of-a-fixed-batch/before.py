import argparse
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Waves(Dataset):
    """Sine waves; the target is the value that follows."""

    def __init__(self, count, length=12):
        start = torch.rand(count, 1) * 6.28
        wave = torch.sin(start + torch.arange(length + 1) * 0.4)
        self.inputs, self.targets = wave[:, :-1].unsqueeze(2), wave[:, -1:]

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, i):
        return self.inputs[i], self.targets[i]


class Forecaster(nn.Module):
    def __init__(self, hidden=20):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, waves):
        h0 = torch.zeros(1, 16, self.hidden)  # bug: hard-coded-batch-size
        c0 = torch.zeros(1, 16, self.hidden)  # bug: hard-coded-batch-size
        states, _ = self.lstm(waves, (h0, c0))
        return self.out(states[:, -1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(0)
    loader = DataLoader(Waves(90), batch_size=16, shuffle=True)
    model = Forecaster()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        for waves, following in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(waves), following)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
