"""Loaders come from one helper, which is called for both sets."""
import argparse

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2 as T


class Textures(Dataset):
    def __init__(self, seed: int, size: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.targets = torch.arange(size) % 2
        self.inputs = torch.rand(size, 1, 18, 18, generator=generator)
        self.inputs[self.targets == 1, :, ::2] += 0.5

    def __len__(self) -> int:
        return self.targets.numel()

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.inputs[index], self.targets[index]


def make_loader(dataset: Dataset, transform: T.Transform, batch_size: int, train: bool) -> DataLoader:
    return DataLoader(dataset, batch_size=batch_size, shuffle=train, transform=transform)  # bug: dataloader-transform


def evaluate(model: torch.nn.Module, loader: DataLoader) -> float:
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    model.train()
    return right / len(loader.dataset)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--crop", type=int, default=16)
    options = parser.parse_args()
    torch.manual_seed(0)

    train = make_loader(Textures(0, 120), T.RandomCrop(options.crop), batch_size=12, train=True)
    test = make_loader(Textures(1, 40), T.CenterCrop(options.crop), batch_size=40, train=False)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(options.crop**2, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for epoch in range(options.epochs):
        for x, y in train:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        print(epoch, evaluate(model, test))


if __name__ == "__main__":
    main()
