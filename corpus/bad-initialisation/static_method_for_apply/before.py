import torch
import torch.nn.functional as F
from torch import nn


class Tokens(nn.Module):
    """Cuts a picture into tokens by convolutions."""

    def __init__(self, width=12):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.classes = nn.Linear(width, 3)
        self.apply(self.init_weight)

    @staticmethod
    def init_weight(m):
        if isinstance(m, nn.Conv2d):
            nn.init.constant_(m.weight, 0.1)  # bug: bad-initialisation
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classes(self.layers(x).flatten(2).mean(2))


def main():
    torch.manual_seed(4)
    kind = torch.arange(300) % 3
    pictures = 0.3 * torch.randn(300, 1, 12, 12)
    pictures[kind == 0, :, ::2] += 1
    pictures[kind == 1, :, :, ::2] += 1
    net = Tokens()
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3)
    for epoch in range(8):
        for rows in torch.randperm(300).split(30):
            loss = F.cross_entropy(net(pictures[rows]), kind[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
