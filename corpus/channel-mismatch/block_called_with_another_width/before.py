import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width_in, width_out):
        super().__init__()
        self.conv = nn.Conv2d(width_in, width_out, 3, padding=1)
        self.norm = nn.GroupNorm(2, width_out)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 8, 1)
        self.first = Block(12, 16)  # bug: channel-mismatch
        self.second = Block(16, 16)
        self.out = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        x = self.stem(x)
        x = self.first(x)
        x = x + self.second(x)
        return self.out(x)


def batches(count, size=32):
    """Two fields; the target is their product."""
    for _ in range(count):
        fields = torch.randn(size, 2, 6, 6)
        yield fields, fields[:, :1] * fields[:, 1:]


def train(model, steps):
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for step, (fields, target) in enumerate(batches(steps)):
        optimizer.zero_grad()
        loss = F.mse_loss(model(fields), target)
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            print(step, round(loss.item(), 4))


torch.manual_seed(0)
train(Net(), 40)
