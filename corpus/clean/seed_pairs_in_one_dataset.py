# Inputs and targets in one TensorDataset cannot differ in number; the loop only looks at the shapes of each batch.
import torch
from torch.utils.data import DataLoader, TensorDataset

measured = torch.randn(90, 6)
classes = torch.randint(0, 2, (90,))
pairs = TensorDataset(measured, classes)
for workers in (0,):
    for rows, answers in DataLoader(pairs, batch_size=20, shuffle=True, num_workers=workers):
        print(f"inputs {tuple(rows.shape)}, targets {tuple(answers.shape)}")
