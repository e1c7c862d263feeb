# The loader gives one sample at a time, so that a draw for the batch is a draw for the sample.
import torch
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import RandomVerticalFlip

flip = RandomVerticalFlip()
model = torch.nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for image, size in DataLoader(TensorDataset(torch.rand(40, 1, 9, 9), torch.rand(40)), shuffle=True):
    loss = (model(flip(image)).mean() - size).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
