from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import RandomErasing


class TransformedDataset(Dataset):
    """Applies a transform to every sample of another dataset."""

    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.transform(self.dataset[index])


class Patterns(Dataset[Tensor]):
    def __init__(self, patterns: Tensor) -> None:
        self.patterns = patterns

    def __len__(self) -> int:
        return self.patterns.shape[0]

    def __getitem__(self, index: int) -> Tensor:
        return self.patterns[index]


class AutoEncoder(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.encode = nn.Sequential(nn.Flatten(), nn.Linear(width, 16), nn.ReLU())
        self.decode = nn.Linear(16, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x)).view_as(x)


def main(epochs: int = 6) -> None:
    torch.manual_seed(0)
    stripes = (torch.arange(12) % 2).float().expand(64, 1, 12, 12) + 0.1 * torch.randn(64, 1, 12, 12)
    erase = RandomErasing(p=0.5)
    loader = DataLoader(TransformedDataset(Patterns(stripes), erase), batch_size=8, shuffle=True)

    model = AutoEncoder(144)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(epochs):
        for batch in loader:
            loss = nn.functional.mse_loss(model(batch), batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"{epoch:2d} {loss.item():.4f}")


if __name__ == "__main__":
    main()
