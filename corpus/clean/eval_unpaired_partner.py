# Two sets of pictures without pairs: the flag has a partner drawn at random, which changes no picture, also in the test.
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, files_a, files_b, unaligned=False):
        self.files_a, self.files_b = files_a, files_b
        self.unaligned = unaligned

    def __getitem__(self, index):
        a = self.files_a[index % len(self.files_a)]
        if self.unaligned:
            b = self.files_b[random.randint(0, len(self.files_b) - 1)]
        else:
            b = self.files_b[index % len(self.files_b)]
        return a, b

    def __len__(self):
        return max(len(self.files_a), len(self.files_b))


winter, summer = torch.rand(60, 3, 8, 8), torch.rand(60, 3, 8, 8) + 0.5
dataloader = DataLoader(Pictures(winter[:40], summer[:40], unaligned=True), batch_size=8, shuffle=True)
val_dataloader = DataLoader(Pictures(winter[40:], summer[40:], unaligned=True), batch_size=5)
net = nn.Conv2d(3, 3, 3, padding=1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(3):
    for a, b in dataloader:
        optimizer.zero_grad()
        (net(a).mean((2, 3)) - b.mean((2, 3))).pow(2).mean().backward()
        optimizer.step()
    with torch.no_grad():
        for a, b in val_dataloader:
            print(epoch, (net(a).mean() - b.mean()).abs().item())
