import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class SmallConvNet(nn.Module):
    def __init__(self, classes):
        super(SmallConvNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.fc = nn.Linear(16 * 3 * 3, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(torch.flatten(x, 1))


def sample(n):
    y = torch.randint(0, 3, (n,))
    x = 0.3 * torch.randn(n, 1, 12, 12)
    for image, label in zip(x, y.tolist()):
        image[0, 4 * label : 4 * label + 4] += 1
    # one label in ten was written down wrongly
    wrong = torch.rand(n) < 0.1
    return x, torch.where(wrong, torch.randint(0, 3, (n,)), y)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=32)
    args = parser.parse_args()
    torch.manual_seed(0)
    model = SmallConvNet(3)
    optimizer = optim.Adam(model.parameters(), 0.5)  # bug: excessive-learning-rate
    for step in range(args.steps):
        x, y = sample(args.batch_size)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        if step % 20 == 0:
            print(step, loss.item())


if __name__ == "__main__":
    main()
