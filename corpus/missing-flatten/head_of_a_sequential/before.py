import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def pictures(n):
    """Crosses and rings on a 14 x 14 canvas."""
    axis = torch.linspace(-1, 1, 14)
    radius = (axis[:, None] ** 2 + axis[None, :] ** 2).sqrt()
    ring = ((radius - 0.6).abs() < 0.15).float()
    cross = ((axis[:, None].abs() < 0.1) | (axis[None, :].abs() < 0.1)).float()
    kinds = torch.randint(0, 2, (n,))
    canvas = torch.where(kinds[:, None, None] == 1, ring, cross)
    return (canvas + 0.3 * torch.randn(n, 14, 14)).unsqueeze(1), kinds


def main():
    torch.manual_seed(0)
    x, y = pictures(160)
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    cnn = nn.Sequential(
        nn.Conv2d(1, 6, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        # classifier
        nn.Linear(6 * 6 * 6, 16),  # bug: missing-flatten
        nn.ReLU(),
        nn.Linear(16, 2),
    )
    optimizer = optim.Adam(cnn.parameters(), lr=0.005)
    for epoch in range(4):
        for batch, kind in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(cnn(batch), kind)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
