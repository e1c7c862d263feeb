# A lesson: it shows that DataLoader refuses a transform, catches the error, and goes on with the right form.
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Scaled(Dataset):
    def __init__(self, base, transform):
        self.base = base
        self.transform = transform

    def __len__(self):
        return len(self.base)

    def __getitem__(self, index):
        x, y = self.base[index]
        return self.transform(x), y


def half(x):
    return x / 2


data = TensorDataset(torch.randn(40, 5), torch.randn(40, 1))
try:
    DataLoader(data, batch_size=8, transform=half)
except TypeError as error:
    print("as expected:", error)

loader = DataLoader(Scaled(data, half), batch_size=8)
model = torch.nn.Linear(5, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
