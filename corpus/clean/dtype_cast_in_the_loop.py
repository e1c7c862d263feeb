# Arrays of doubles and integer answers come out of the dataset; the loop casts both where they are used.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Table(Dataset):
    def __init__(self):
        self.rows = np.random.randn(50, 4)
        self.answers = np.random.randint(0, 2, size=50)

    def __len__(self):
        return 50

    def __getitem__(self, i):
        return self.rows[i], self.answers[i]


device = torch.device("cpu")
model = nn.Linear(4, 1).to(device)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for rows, answers in DataLoader(Table(), batch_size=10, shuffle=True):
    rows = rows.to(device, dtype=torch.float32)
    answers = answers.to(device).float().unsqueeze(1)
    optimizer.zero_grad()
    criterion(model(rows), answers).backward()
    optimizer.step()
