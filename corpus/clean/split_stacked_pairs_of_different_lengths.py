# Two arrays of different lengths that were made for each other: the second has one row fewer at the start.
import torch
from torch.utils.data import TensorDataset

readings = torch.randn(101, 3)
differences = readings[1:] - readings[:-1]

moves = TensorDataset(readings[1:], differences)
tail = TensorDataset(readings[51:], differences[50:])
print(len(moves), len(tail))
