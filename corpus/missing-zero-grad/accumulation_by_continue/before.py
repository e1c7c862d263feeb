import torch
from torch import nn, optim


def train(net, optimizer, batches, update_freq):
    for i, (x, y) in enumerate(batches, 1):
        loss = nn.functional.cross_entropy(net(x), y) / update_freq
        loss.backward()
        if i % update_freq != 0:
            continue
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()  # bug: missing-zero-grad
    print("last loss", loss.item() * update_freq)


def make_batches(n):
    for _ in range(n):
        y = torch.randint(0, 2, (8,))
        yield torch.randn(8, 5) + 2 * y[:, None], y


if __name__ == "__main__":
    net = nn.Sequential(nn.Linear(5, 10), nn.ReLU(), nn.Linear(10, 2))
    train(net, optim.SGD(net.parameters(), lr=0.05), make_batches(300), update_freq=3)
