import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Sums(Dataset):
    """Sequences of digits; the class says whether their sum is large."""

    def __init__(self, n, length=6):
        g = torch.Generator().manual_seed(11)
        self.digits = torch.randint(0, 10, (n, length), generator=g)

    def __len__(self):
        return len(self.digits)

    def __getitem__(self, index):
        row = self.digits[index]
        return row, (row.sum() > 27).long()


accumulation_steps = 4
model = nn.Sequential(nn.Embedding(10, 8), nn.Flatten(), nn.Linear(48, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loader = DataLoader(Sums(1280), batch_size=8, shuffle=True)

for epoch in range(3):
    for i, (digits, label) in enumerate(loader):
        loss = F.cross_entropy(model(digits), label) / accumulation_steps
        loss.backward()

        if (i + 1) % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()

        if i % 80 == 0:
            print(f"epoch {epoch} batch {i}: {loss.item() * accumulation_steps:.3f}")
