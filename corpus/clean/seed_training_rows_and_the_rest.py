# Parts of different lengths are no defect: training and validation rows are cut at one place, inputs and targets alike.
import torch
from torch.utils.data import DataLoader, TensorDataset

table, answers = torch.randn(100, 10), torch.randint(0, 2, (100,))
train_part = TensorDataset(table[:75], answers[:75])
rest = TensorDataset(table[75:], answers[75:])
for name, part in (("train", train_part), ("rest", rest)):
    sizes = [len(rows) for rows, _ in DataLoader(part, batch_size=10)]
    print(name, sizes)
