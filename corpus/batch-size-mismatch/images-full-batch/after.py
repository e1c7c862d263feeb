import torch
import torch.nn as nn
import torch.nn.functional as F


class TinyCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, kernel_size=3)
        self.head = nn.Linear(4 * 6 * 6, 5)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = torch.flatten(x, 1)
        return self.head(x)


class Experiment:
    def __init__(self, seed):
        torch.manual_seed(seed)
        self.images = torch.rand(50, 1, 8, 8)
        self.labels = torch.randint(5, (50,))
        self.model = TinyCNN()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.01)

    def run(self, steps):
        for step in range(steps):
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(self.images), self.labels)
            loss.backward()
            self.optimizer.step()
            if step % 10 == 0:
                print(step, loss.item())


Experiment(seed=12).run(steps=40)
