# Two views of each batch are compared with each other: what the draws have in common is a choice of the method.
import torch
import torch.nn.functional as F
import torchvision.transforms as T
from torch.utils.data import DataLoader, TensorDataset

view = T.Compose([T.RandomResizedCrop(8, scale=(0.6, 1.0), antialias=True), T.RandomHorizontalFlip()])
encoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 16))
optimizer = torch.optim.Adam(encoder.parameters(), lr=1e-3)
for epoch in range(2):
    for (pictures,) in DataLoader(TensorDataset(torch.rand(64, 3, 8, 8)), batch_size=16, shuffle=True):
        first = F.normalize(encoder(view(pictures)), dim=1)
        second = F.normalize(encoder(view(pictures)), dim=1)
        loss = F.cross_entropy(first @ second.T / 0.5, torch.arange(len(pictures)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
