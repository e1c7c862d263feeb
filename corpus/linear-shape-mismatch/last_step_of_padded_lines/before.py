import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class Lines(Dataset):
    """Lines of numbers of different length. Is the last one larger than the first?"""

    def __init__(self, n):
        self.lines = [torch.randn(int(torch.randint(3, 9, (1,)))) for _ in range(n)]

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, i):
        line = self.lines[i]
        return line, int(line[-1] > line[0])


def collate(samples):
    lines = [line.flip(0) for line, _ in samples]   # reversed, so that the padding comes first
    labels = torch.tensor([label for _, label in samples])
    return pad_sequence(lines, batch_first=True).flip(1), labels


class Reader(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(48)
        self.fc = nn.Linear(24, 2)  # bug: linear-shape-mismatch

    def forward(self, x):
        out, _ = self.gru(x[..., None])
        return self.fc(self.norm(out[:, -1, :]))


def train():
    torch.manual_seed(0)
    loader = DataLoader(Lines(320), batch_size=32, shuffle=True, collate_fn=collate)
    model = Reader()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(4):
        for lines, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(lines), labels)
            loss.backward()
            optimizer.step()
        print('epoch', epoch, 'loss', loss.item())


train()
