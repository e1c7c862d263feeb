# Resize takes tensors in current torchvision: nothing has to become an image before it.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Resize


class Thumbnails(Dataset):
    def __init__(self, pictures):
        self.pictures = pictures
        self.resize = Resize((8, 8))

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, i):
        return self.resize(self.pictures[i])


autoencoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 16), torch.nn.ReLU(), torch.nn.Linear(16, 192))
optimizer = torch.optim.Adam(autoencoder.parameters())
for small in DataLoader(Thumbnails(torch.rand(32, 3, 24, 24)), batch_size=8, shuffle=True):
    loss = (autoencoder(small) - small.flatten(1)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
