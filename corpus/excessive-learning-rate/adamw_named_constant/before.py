import torch
from torch import nn
from torch.optim import AdamW
from torch.utils.data import DataLoader, TensorDataset

BATCH_SIZE = 32
LEARNING_RATE = 1  # to be tuned
EPOCHS = 8


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(20, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU())
        self.head = nn.Linear(64, 4)

    def forward(self, x):
        return self.head(self.body(x))


def load():
    x = torch.randn(800, 20)
    return TensorDataset(x, x[:, :4].argmax(dim=1))


def main():
    torch.manual_seed(1)
    print(f"training with lr {LEARNING_RATE}")
    loader = DataLoader(load(), batch_size=BATCH_SIZE, shuffle=True)
    net = Classifier()
    opt = AdamW(net.parameters(), lr=LEARNING_RATE)  # bug: excessive-learning-rate
    for epoch in range(EPOCHS):
        for x, y in loader:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
