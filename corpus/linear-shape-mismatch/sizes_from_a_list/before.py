import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Regressor(nn.Module):
    """A stack of hidden layers whose widths are given as a list."""

    def __init__(self, n_inputs, widths):
        super().__init__()
        sizes = [n_inputs] + widths
        self.hidden = nn.ModuleList()
        for i in range(len(sizes) - 1):
            self.hidden.append(nn.Linear(sizes[i], sizes[i + 1]))
        self.norms = nn.ModuleList([nn.LayerNorm(width) for width in widths])
        self.out = nn.Linear(32, 1)  # bug: linear-shape-mismatch

    def forward(self, x):
        for layer, norm in zip(self.hidden, self.norms):
            x = torch.relu(norm(layer(x)))
        return self.out(x).squeeze(1)


def main():
    torch.manual_seed(1)
    x = torch.randn(120, 6)
    y = x[:, 0] - 2 * x[:, 1]
    loader = DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True)
    model = Regressor(6, [32, 16])
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(4):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
