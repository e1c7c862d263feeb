# Normal weights of the usual widths, and a standard deviation of one where a unit has two inputs only.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        self.place = nn.Linear(2, 16)
        self.hidden, self.out = nn.Linear(16, 32), nn.Linear(32, 1)
        nn.init.normal_(self.embed.weight)
        nn.init.normal_(self.place.weight, std=1.0)
        for layer in (self.hidden, self.out):
            nn.init.normal_(layer.weight, 0, 0.02)

    def forward(self, word, at):
        return self.out(torch.relu(self.hidden(torch.relu(self.place(at)) + self.embed(word))))


net = Net()
words, places = torch.randint(0, 20, (50,)), torch.rand(50, 2)
target = places.sum(dim=1, keepdim=True)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
for _ in range(10):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(words, places), target).backward()
    optimizer.step()
