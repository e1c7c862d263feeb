from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


@dataclass
class Config:
    length: int = 12
    epochs: int = 3
    lr: float = 0.01


class Counting(Dataset):
    """Does the sequence hold more ones than twos?"""

    def __init__(self, count: int, length: int) -> None:
        self.tokens = torch.randint(0, 4, (count, length))

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        tokens = self.tokens[index]
        return tokens, ((tokens == 1).sum() > (tokens == 2).sum()).long()


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(4, 8)
        self.lstm = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        states, _ = self.lstm(self.embed(tokens))
        return self.head(states[:, -1])


def run(config: Config) -> None:
    torch.manual_seed(0)
    loader = DataLoader(Counting(128, config.length), batch_size=16, shuffle=True)
    reader = Reader()
    optimizer = torch.optim.Adam(reader.parameters(), lr=config.lr)
    for epoch in range(config.epochs):
        for tokens, label in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(reader(tokens), label)
            loss.backward()
            optimizer.step()
        print(epoch, f"{loss.item():.4f}")


run(Config())
