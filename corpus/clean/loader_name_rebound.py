# DataLoader is rebound to a function that takes a transform: what is called is not torch's class.
import torch
from torch.utils.data import DataLoader, TensorDataset

TorchLoader = DataLoader


def DataLoader(dataset, transform=None, **kwargs):  # noqa: F811
    loader = TorchLoader(dataset, **kwargs)
    return [(transform(x) if transform else x, y) for x, y in loader]


batches = DataLoader(TensorDataset(torch.randn(30, 2), torch.randn(30, 1)), transform=torch.sigmoid, batch_size=6)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in batches:
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
