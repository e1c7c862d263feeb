# Noise is drawn for each element of the batch, and Normalize draws nothing at all.
import torch
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import v2


def augment(batch):
    return batch + 0.05 * torch.randn_like(batch)


normalize = v2.Compose([v2.GaussianNoise(sigma=0.05), v2.Normalize([0.5], [0.25])])
dataset = TensorDataset(torch.rand(64, 1, 8, 8), torch.rand(64, 1))
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters())
for x, y in DataLoader(dataset, batch_size=16, shuffle=True):
    x = normalize(augment(x))
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
