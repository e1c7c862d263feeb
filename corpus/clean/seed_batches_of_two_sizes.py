# A model that asks for no batch size takes batches of any: 32 rows, 16, and one.
import torch
import torch.nn as nn


class AnyNumberOfRows(nn.Module):
    def __init__(self, columns, hidden, answers):
        super(AnyNumberOfRows, self).__init__()
        self.first = nn.Linear(columns, hidden)
        self.bend = nn.ReLU()
        self.second = nn.Linear(hidden, answers)

    def forward(self, rows):
        rows = self.bend(self.first(rows))
        rows = self.second(rows)
        return rows


model = AnyNumberOfRows(9, 6, 2)
for rows in (torch.randn(32, 9), torch.randn(16, 9), torch.randn(1, 9)):
    print(model(rows).shape)
